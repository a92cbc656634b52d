"""One file per lab: a pure model and its view."""
