"""Binds tr_conf_01_metrology.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_01_metrology.feature")
