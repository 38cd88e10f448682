"""Binds tr_conf_01_children.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_01_children.feature")
