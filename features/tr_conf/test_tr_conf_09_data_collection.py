"""Binds tr_conf_09_data_collection.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_09_data_collection.feature")
