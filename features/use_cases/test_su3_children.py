"""Binds su3_children.feature."""

from pytest_bdd import scenarios

scenarios("su3_children.feature")
