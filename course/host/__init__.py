"""The cadres' web server: the course as plain pages at one address, without a kernel per cadre.

It reads releases, standings and feedback in the exchange and its own database (``host.db``), and writes that database
and the spool of hand-ins; nothing else. It imports neither ``grader`` nor nbgrader nor any widget library
(contract). Sub-rooms, lowest first: ``store`` (rows in ``host.db``), ``content`` (what a page says), ``pages``
(addresses); ``server`` puts them together. ``browser`` and ``templates`` hold what is sent.
"""
