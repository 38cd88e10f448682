"""Binds tr_conf_06_time_and_status.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_06_time_and_status.feature")
