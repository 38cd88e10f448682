"""Binds mf_2_doors.feature."""

from pytest_bdd import scenarios

scenarios("mf_2_doors.feature")
