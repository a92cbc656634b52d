"""Sub-room *tables*: reads any table somebody sent into rows with places, in a child process with limits.

Knows nothing of units, people and posts. Others use ``child.read`` and the records of ``grid``.
"""
