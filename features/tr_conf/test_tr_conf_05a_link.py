"""Binds tr_conf_05a_link.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_05a_link.feature")
