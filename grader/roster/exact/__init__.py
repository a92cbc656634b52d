"""Sub-room *exact*: the interchange form (design §7) as CSV and XLSX, read row by row; ``read`` uses it."""
