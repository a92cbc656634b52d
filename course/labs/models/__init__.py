"""What is worked out in the larger labs: plain functions, which know nothing of texts to show, controls and states."""
