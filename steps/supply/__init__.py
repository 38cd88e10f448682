"""Wording about thresholds, limits and the switch of the supply."""
