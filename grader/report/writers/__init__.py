"""Sub-room *report/writers*: a report's tables as page, workbook, CSV and JSON.

Each writes what a definition says; what is shown and what is hidden was decided before.
"""
