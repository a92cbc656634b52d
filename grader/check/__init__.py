"""Room *check*: what an author is told before anything is built."""
