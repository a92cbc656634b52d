"""Room *marking*: answers become marks, in this process or in many; marks by people; regrading."""
