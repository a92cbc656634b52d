"""The commands of the roster: a list comes in, what is kept of it, one post mended without a file."""
