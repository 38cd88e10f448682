"""Binds bi_02_scheduled_reading.feature."""

from pytest_bdd import scenarios

scenarios("bi_02_scheduled_reading.feature")
