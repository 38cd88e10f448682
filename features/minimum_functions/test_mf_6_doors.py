"""Binds mf_6_doors.feature."""

from pytest_bdd import scenarios

scenarios("mf_6_doors.feature")
