"""Binds tr_conf_12_tariff_times.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_12_tariff_times.feature")
