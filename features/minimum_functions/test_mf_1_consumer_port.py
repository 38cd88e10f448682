"""Binds mf_1_consumer_port.feature."""

from pytest_bdd import scenarios

scenarios("mf_1_consumer_port.feature")
