"""Room *intake*.

Whatever was handed in becomes an attempt: accepted, refused, set aside or unreadable.
Reads hostile bytes; never overwrites, never stops over one bad file.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["answers_in", "collect", "confirm", "kept", "lookout", "names", "rebuild", "spool"]
