"""Binds tr_conf_06d_selective_access.feature."""

from pytest_bdd import scenarios

scenarios("tr_conf_06d_selective_access.feature")
