"""A module on paper: one sheet of the graded questions, with or without key, as a page to print or as DOCX."""
