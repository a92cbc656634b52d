"""Room *box*.

Learner code runs here and nowhere else; trusted code outside sees values only.
Knows bubblewrap, namespaces and seccomp; knows no key, no gradebook and no learner's name.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["attacks", "box", "code_items", "command", "kernel", "probe"]
