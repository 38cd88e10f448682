"""Binds df_3_regulated_tasks.feature."""

from pytest_bdd import scenarios

scenarios("df_3_regulated_tasks.feature")
