"""Room *report*.

Completion as pages, files and charts for people.
Counts nothing itself; decides which small groups are not shown.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = [
    "page",
    "pdf",
    "run",
    "summary",
    "tables.all",
    "tables.definition",
    "views",
    "write",
    "writers.html",
    "writers.html_table",
    "writers.sentences",
    "writers.trend",
]
