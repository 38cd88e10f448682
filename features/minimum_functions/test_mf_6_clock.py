"""Binds mf_6_clock.feature."""

from pytest_bdd import scenarios

scenarios("mf_6_clock.feature")
