"""Binds tr_conf_05_consumer_port.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_05_consumer_port.feature")
