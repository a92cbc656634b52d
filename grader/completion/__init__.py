"""Room *completion*.

Attempts and roster become numerator, denominator, quarters and forecast.
Pure functions of what the ledger and the roster hold; draws nothing.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = [
    "attempts",
    "attempts_sample",
    "count",
    "doubts",
    "effect",
    "forecast",
    "indicators",
    "ledger_progress",
    "progress",
    "quarters",
    "records",
]
