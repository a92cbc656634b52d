"""Sub-room *report/tables*: each table of a report, defined once.

A new column is one ``Column`` in its table's module and its key in the views where it is to stand; page, workbook,
CSV, JSON and charts follow. Knows what ``report.page`` puts together; nothing of how anything is written.
"""
