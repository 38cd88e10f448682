"""Binds mf_5_supply.feature."""

from pytest_bdd import scenarios

scenarios("mf_5_supply.feature")
