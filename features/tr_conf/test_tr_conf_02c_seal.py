"""Binds tr_conf_02c_seal.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_02c_seal.feature")
