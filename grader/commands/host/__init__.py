"""The host's drivers: who is invited and with which letter, what is started together, the demo's accounts."""
