"""Binds tr_conf_05b_ciphering.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_05b_ciphering.feature")
