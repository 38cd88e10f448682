"""Binds mf_3_consumer_port.feature."""

from pytest_bdd import scenarios

scenarios("mf_3_consumer_port.feature")
