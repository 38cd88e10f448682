"""Binds tr_conf_07_data_sets.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_07_data_sets.feature")
