"""Binds tr_conf_05b_keys.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_05b_keys.feature")
