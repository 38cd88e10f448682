"""Binds tr_conf_04_uniform_errors.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_04_uniform_errors.feature")
