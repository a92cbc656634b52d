"""The commands that keep the course: backup, restore, the database's version and place."""
