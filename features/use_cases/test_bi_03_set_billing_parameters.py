"""Binds bi_03_set_billing_parameters.feature."""

from pytest_bdd import scenarios

scenarios("bi_03_set_billing_parameters.feature")
