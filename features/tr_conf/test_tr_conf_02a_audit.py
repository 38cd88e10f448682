"""Binds tr_conf_02a_audit.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_02a_audit.feature")
