"""Room *publish*.

Exercises become notebooks and keys, and a release that is proven to show no key.
The last to see a key before a release leaves.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["build", "exchange_folder", "notebooks", "release"]
