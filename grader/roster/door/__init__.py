"""Sub-room *door*: a list as somebody keeps it becomes rows of the interchange form, with questions, never guesses.

Pure but for ``profile``. The steps, in the order of ``reading.read``: letters and layout of each sheet, rows, units,
people, posts. What only a person can decide is a ``Question``; answers come in as a mapping of key to text and are kept
as a profile. Others use ``reading``, ``asked`` and ``profile``.
"""
