"""Binds mf_2_consumer_interface.feature."""

from pytest_bdd import scenarios

scenarios("mf_2_consumer_interface.feature")
