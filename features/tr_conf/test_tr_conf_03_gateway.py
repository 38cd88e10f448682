"""Binds tr_conf_03_gateway.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_03_gateway.feature")
