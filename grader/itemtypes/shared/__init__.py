"""What the item types are made of on the staff side; no file here is a type."""
