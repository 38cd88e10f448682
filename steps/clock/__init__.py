"""Wording about the device's clock."""
