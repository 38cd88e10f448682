"""Binds bi_01_on_demand_read.feature."""

from pytest_bdd import scenarios

scenarios("bi_01_on_demand_read.feature")
