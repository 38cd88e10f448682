"""Binds tr_conf_09_mbus.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_09_mbus.feature")
