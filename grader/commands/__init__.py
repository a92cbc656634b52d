"""Room *commands*: one module per command group, and the drivers that put stages in order.

Only ``grader.cli`` uses it.
"""
