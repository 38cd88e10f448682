"""Binds mf_4_consumer_port.feature."""

from pytest_bdd import scenarios

scenarios("mf_4_consumer_port.feature")
