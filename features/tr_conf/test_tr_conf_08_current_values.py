"""Binds tr_conf_08_current_values.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_08_current_values.feature")
