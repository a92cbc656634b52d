"""Room *itemtypes*.

What a key may look like, what of it is public, and how an item is answered right, wrong or by chance.
The scoring itself is public and lies in ``course``.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["all", "base", "choices", "entries", "guessing", "public", "simulate", "writing"]
