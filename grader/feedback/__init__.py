"""Room *feedback*.

What a cadre reads about a hand-in, and what instructors read about their items.
Takes what was scored; scores nothing, and shows of a key only what was chosen.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = ["owed", "publish", "returned", "standings", "statistics", "statistics_page"]
