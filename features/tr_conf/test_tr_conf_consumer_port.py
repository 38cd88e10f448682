"""Binds tr_conf_consumer_port.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_consumer_port.feature")
