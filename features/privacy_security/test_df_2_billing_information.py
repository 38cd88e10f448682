"""Binds df_2_billing_information.feature."""

from pytest_bdd import scenarios

scenarios("df_2_billing_information.feature")
