"""Room *ground*: what every room stands on: errors, workspace, records, syllabus, database."""
