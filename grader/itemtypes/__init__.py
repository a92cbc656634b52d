"""Room *itemtypes*.

What a key may look like, what of it is public, and how an item is answered right, wrong or by chance.
"""
