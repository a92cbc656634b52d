"""IMS QTI 2.x and 3.0: one item a file, alone and in content packages; 3.0 has other names for the same things."""
