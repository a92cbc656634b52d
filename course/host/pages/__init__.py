"""Addresses: who may ask, what is answered. No handler touches the database or a file in the event loop."""
