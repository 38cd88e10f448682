"""Binds df_4_consumer_information.feature."""

from pytest_bdd import scenarios

scenarios("df_4_consumer_information.feature")
