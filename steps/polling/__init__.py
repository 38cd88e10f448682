"""Wording about readings of the head end and requests of Actor A."""
