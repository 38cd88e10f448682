"""Wording of scenarios at an M-Bus door."""
