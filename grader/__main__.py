"""``python -m grader`` is ``moduong``."""

from grader.cli import main

main()
