"""Room *gradebook*.

The ledger of attempts and results, and the two modules that know nbgrader and its tables.
Append-only; one transaction per submission.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = [
    "decisions",
    "keys",
    "ledger",
    "ledger_entries",
    "lost",
    "nbgrader_bridge",
    "nbgrader_marks",
    "nbgrader_tables",
    "results",
    "turn",
]
