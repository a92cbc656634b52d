"""Speed and memory, measured on whole processes: medians with spread, ratios within one run.

Prints figures, decides nothing.
"""
