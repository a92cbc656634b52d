"""Room *commands*.

One module per command group, and the drivers that put stages in order: demo, serve, watch, doctor.
The only room that may know every other; only ``grader.cli`` uses it.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = [
    "completion",
    "course",
    "decided.intake",
    "decided.ledger",
    "doctor.group",
    "formats",
    "grading",
    "help",
    "host.desk",
    "host.group",
    "keep.backup",
    "keep.database",
    "keep.person",
    "keys",
    "refused",
    "roster.keep",
    "roster.posts",
    "roster.take",
    "run",
]
