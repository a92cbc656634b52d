"""Room *report*.

Completion as pages, files and charts for people.
Counts nothing itself; decides which small groups are not shown.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["html", "page", "pdf", "run", "summary", "views", "write"]
