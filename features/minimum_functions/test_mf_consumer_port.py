"""Binds mf_consumer_port.feature."""

from pytest_bdd import scenarios

scenarios("mf_consumer_port.feature")
