"""Wording about what the meter keeps."""
