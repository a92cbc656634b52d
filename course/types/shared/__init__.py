"""What the item types are made of; no file here is a type."""
