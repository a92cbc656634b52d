"""JupyterQuiz: questions as JSON, for notebooks and books."""
