"""Room *desk*: pages in a browser for staff.

``frame`` holds accounts, roles, menu and policy; a page is one module here (``coordinator_*``, ``marking_*``, …), its
template of the same name in ``templates``; the frame finds it by itself. A page knows course text, keys and what
``check`` says; none ever runs anything of a learner. ``preview`` is an author's page on this machine alone.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["frame.server", "frame.settings", "frame.staff", "frame.store", "invited", "letters", "preview"]
