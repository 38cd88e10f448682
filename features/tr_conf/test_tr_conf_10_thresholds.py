"""Binds tr_conf_10_thresholds.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_10_thresholds.feature")
