"""Binds su3_gateway.feature."""

from pytest_bdd import scenarios

scenarios("su3_gateway.feature")
