"""Binds tr_conf_05_children.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_05_children.feature")
