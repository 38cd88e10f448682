"""Binds tr_conf_04_doors.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_04_doors.feature")
