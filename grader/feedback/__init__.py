"""Room *feedback*: what a cadre reads about a hand-in, and what instructors read about their items."""
