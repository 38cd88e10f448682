"""Binds tr_conf_06_configuration.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_06_configuration.feature")
