"""Binds su3_doors.feature."""

from pytest_bdd import scenarios

scenarios("su3_doors.feature")
