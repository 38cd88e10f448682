"""Binds the features of TR-Conf.02 about access."""

from pytest_bdd import scenarios

scenarios("tr_conf_02b_access.feature", "tr_conf_02c_seal.feature")
