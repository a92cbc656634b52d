"""IMS QTI of all versions: content packages, and texts and numbers as its files write them."""
