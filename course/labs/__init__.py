"""One file per lab: texts, controls and what they do, all pure; ``shared`` says what a lab is."""
