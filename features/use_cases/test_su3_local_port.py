"""Binds su3_local_port.feature."""

from pytest_bdd import scenarios

scenarios("su3_local_port.feature")
