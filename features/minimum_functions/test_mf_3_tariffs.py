"""Binds mf_3_tariffs.feature."""

from pytest_bdd import scenarios

scenarios("mf_3_tariffs.feature")
