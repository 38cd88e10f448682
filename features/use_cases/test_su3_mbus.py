"""Binds su3_mbus.feature."""

from pytest_bdd import scenarios

scenarios("su3_mbus.feature")
