"""Binds mf_6_consumer_port.feature."""

from pytest_bdd import scenarios

scenarios("mf_6_consumer_port.feature")
