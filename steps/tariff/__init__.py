"""Wording of tariff calendars."""
