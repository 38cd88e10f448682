"""Binds tr_conf_05a_authentication.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_05a_authentication.feature")
