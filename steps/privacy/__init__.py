"""Wording about data flows: who may know what."""
