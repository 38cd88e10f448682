"""Binds df_6_configuration_and_keys.feature."""

from pytest_bdd import scenarios

scenarios("df_6_configuration_and_keys.feature")
