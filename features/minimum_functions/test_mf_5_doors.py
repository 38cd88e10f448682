"""Binds mf_5_doors.feature."""

from pytest_bdd import scenarios

scenarios("mf_5_doors.feature")
