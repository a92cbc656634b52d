"""Room *box*: learner code runs here and nowhere else; trusted code outside sees values only."""
