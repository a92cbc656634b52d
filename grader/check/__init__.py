"""Room *check*.

What an author is told before anything is built: findings with line and remedy, and the table Q1–Q17.
Reads course text only; knows nothing of hand-ins and marks.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["corpus", "inspect", "tells"]
