"""Binds df_1_detailed_consumption.feature."""

from pytest_bdd import scenarios

scenarios("df_1_detailed_consumption.feature")
