"""Room *completion*: attempts and roster become numerator, denominator and forecast."""
