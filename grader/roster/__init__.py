"""Room *roster*.

Lists of units, people and posts: read, checked, compared with what is stored, kept.
Rejects rows, never a list; nothing it reads is computed or followed.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = [
    "csv_rows",
    "diff",
    "lineage",
    "read",
    "records",
    "row_findings",
    "sample",
    "sample_people",
    "store",
    "template",
    "words",
]
