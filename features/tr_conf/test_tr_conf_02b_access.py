"""Binds tr_conf_02b_access.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_02b_access.feature")
