"""Room *intake*: whatever was handed in becomes an accepted, refused or set-aside attempt."""
