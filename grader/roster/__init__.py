"""Room *roster*.

Lists of units, people and posts: read, checked, compared with what is stored, kept.
Rejects rows, never a list; nothing it reads is computed or followed. Its sub-rooms, from the bottom: ``tables`` (any
file into rows, in a child process), ``match`` (what headers, words, days, names and ids mean); then the modules of this
folder with ``exact`` (the interchange form) and ``sample``; on top ``door`` (a list as somebody keeps it, with
questions).

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = [
    "diff",
    "door.asked",
    "door.profile",
    "door.taking",
    "edit",
    "exact.csv_rows",
    "export",
    "lineage",
    "match.words",
    "occupancy",
    "read",
    "records",
    "row_findings",
    "sample.files",
    "sample.people",
    "store",
    "template",
    "todo",
    "versions",
    "words",
]
