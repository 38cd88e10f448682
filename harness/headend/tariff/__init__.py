"""Tariffs as a head end works with them: calendars, what their scripts switch to, and the tariff shown."""
