"""Binds tr_conf_11_billing_parameters.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_11_billing_parameters.feature")
