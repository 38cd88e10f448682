"""Doors as byte pipes: send, receive until a deadline, line time."""
