"""Binds tr_conf_11_local_port.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_11_local_port.feature")
