"""Binds tr_conf_01_mbus.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_01_mbus.feature")
