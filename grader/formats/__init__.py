"""Room *formats*: questions come from other systems and go to them, and a module is printed.

It knows the author's text and what ``check`` says of it, never a hand-in. Others use ``bring`` (import), ``carry``
(export), ``losses`` (their report), and ``paper`` (print: ``sheet`` makes what ``web`` and ``word`` write).

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["bring", "carry", "losses", "paper.sheet", "paper.web", "paper.word", "question"]
