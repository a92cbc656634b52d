"""Room *roster*: lists of units, people and posts, read, checked, kept."""
