"""Room *keep*.

What the course must not lose: backup and its way back, and the database's move to another engine. Knows the workspace
and the tables, and nothing of what stands in them.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["backup", "copying", "daily", "erasures", "names_read", "person", "person_files", "restore", "retention"]
