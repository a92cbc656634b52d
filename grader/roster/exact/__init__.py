"""Sub-room *exact*: the interchange form as CSV and XLSX, read row by row; ``read`` uses it."""
