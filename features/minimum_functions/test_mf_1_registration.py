"""Binds mf_1_registration.feature."""

from pytest_bdd import scenarios

scenarios("mf_1_registration.feature")
