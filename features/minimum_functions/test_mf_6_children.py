"""Binds mf_6_children.feature."""

from pytest_bdd import scenarios

scenarios("mf_6_children.feature")
