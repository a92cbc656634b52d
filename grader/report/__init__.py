"""Room *report*: completion as pages, files and charts for people."""
