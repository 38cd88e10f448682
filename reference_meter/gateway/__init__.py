"""A gateway between a head end and several meters: its own records, and the way through it."""
