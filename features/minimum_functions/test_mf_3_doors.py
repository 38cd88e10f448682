"""Binds mf_3_doors.feature."""

from pytest_bdd import scenarios

scenarios("mf_3_doors.feature")
