"""Binds df_5_events.feature."""

from pytest_bdd import scenarios

scenarios("df_5_events.feature")
