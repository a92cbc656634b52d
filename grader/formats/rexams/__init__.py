"""R/exams: one exercise a file, in R Markdown or R LaTeX; code in it is never run."""
