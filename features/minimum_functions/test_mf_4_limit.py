"""Binds mf_4_limit.feature."""

from pytest_bdd import scenarios

scenarios("mf_4_limit.feature")
