"""Wording about who may change what."""
