"""Room *desk*: pages in a browser for staff, served on this machine.

It knows course text, keys and what ``check`` says; a page of it never runs anything of a learner.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["preview"]
