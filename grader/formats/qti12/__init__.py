"""IMS QTI 1.2: ``questestinterop`` with any number of items, alone and in content packages."""
