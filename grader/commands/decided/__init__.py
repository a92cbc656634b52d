"""The commands by which people decide what no rule can: about attempts, and whose a hand-in is."""
