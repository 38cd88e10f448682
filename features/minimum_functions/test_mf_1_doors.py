"""Binds mf_1_doors.feature."""

from pytest_bdd import scenarios

scenarios("mf_1_doors.feature")
