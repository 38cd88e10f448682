"""Binds su3_poll_meter_data.feature."""

from pytest_bdd import scenarios

scenarios("su3_poll_meter_data.feature")
