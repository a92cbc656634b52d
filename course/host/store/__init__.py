"""Rows of ``host.db``: accounts, drafts, hand-ins. Every function takes the connection that :mod:`clerk` gives it."""
