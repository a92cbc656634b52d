"""Room *text*.

Course text as authors write it, read into items and documents that keep their line numbers.
Knows MyST and the item models; builds nothing.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["authoring", "ids", "module_text", "myst", "roles", "scaffold"]
