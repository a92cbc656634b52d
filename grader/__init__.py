"""Staff side: turns exercises into marks, marks into completion, completion into reports."""
