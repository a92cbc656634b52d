"""Room *marking*.

Answers become marks, in this process or in many; marks by people; grading again after a key was corrected.
Here keys meet answers; learner code never comes here.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = [
    "at_once",
    "batch",
    "cluster",
    "crew",
    "difference",
    "due",
    "foreign_cells",
    "grade",
    "judge",
    "marks",
    "regrade",
    "stock",
]
