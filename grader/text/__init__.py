"""Room *text*: course text as written by authors, read into items and documents."""
