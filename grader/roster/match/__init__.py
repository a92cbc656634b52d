"""Sub-room *match*: what headers, words, days, names, units and ids mean that people write. Pure; knows no file."""
