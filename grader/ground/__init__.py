"""Room *ground*.

What every room stands on: errors, workspace, clock, records, syllabus, database, strict YAML.
Knows nothing of any other room.

``__all__`` names its doors: the modules that other rooms use.
"""

__all__ = [
    "clock",
    "database",
    "durable",
    "errors",
    "journal.log",
    "lineage",
    "offices",
    "operators_file",
    "pass_rule",
    "records",
    "schema",
    "spreadsheet",
    "strict_yaml",
    "syllabus",
    "text_files",
    "workspace",
]
