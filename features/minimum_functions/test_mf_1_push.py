"""Binds mf_1_push.feature."""

from pytest_bdd import scenarios

scenarios("mf_1_push.feature")
