"""Tariffs: a calendar of shift times, its special days, and the masks that say which registers run."""
