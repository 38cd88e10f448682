"""Binds tr_conf_05a_robustness.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_05a_robustness.feature")
