"""Failures are taken from the budget before the device can count them."""

from typing import Any

import pytest

from harness.declaration.protection import DeviceSecurity, LockOut
from harness.errors import Inconclusive
from harness.run.budget import FailureBudget


def _locking_out(**more: Any) -> DeviceSecurity:
    return DeviceSecurity(lock_out=LockOut(failures=5, seconds=300, **more))


LOCKS_OUT = _locking_out()


def test_each_client_has_a_budget_of_its_own_and_what_is_refused_is_not_spent() -> None:
    budget = FailureBudget(LOCKS_OUT)
    budget.spend("reading", 3)
    with pytest.raises(Inconclusive, match=r"association reading is 4 in a run and 3 are spent, 2 more") as caught:
        budget.spend("reading", 2)
    assert caught.value.missing == "declaration"
    budget.spend("reading")
    with pytest.raises(Inconclusive):
        budget.spend("reading")
    budget.spend("management", 4)
    assert (budget.spent("reading"), budget.spent("management"), budget.spent("public")) == (4, 4, 0)


def test_a_device_that_counts_all_clients_together_has_one_budget() -> None:
    budget = FailureBudget(_locking_out(counted_for="device"))
    budget.spend("reading", 3)
    with pytest.raises(Inconclusive):
        budget.spend("management", 2)
    budget.spend("management")
    assert budget.spent("reading") == 4


def test_without_a_limit_nothing_runs_out() -> None:
    budget = FailureBudget(DeviceSecurity())
    budget.spend("reading", 1000)
    assert budget.spent("reading") == 1000


def test_default_budget_stays_one_below_the_lock_out() -> None:
    assert DeviceSecurity().budget is None
    assert DeviceSecurity(lock_out=LockOut(failures=5, seconds=300)).budget == 4
    assert DeviceSecurity(lock_out=LockOut(failures=5, seconds=300), failure_budget=2).budget == 2
    assert DeviceSecurity(failure_budget=0).budget == 0


def test_only_what_the_device_counts_is_spent() -> None:
    both, passwords = FailureBudget(LOCKS_OUT), FailureBudget(_locking_out(counts=("authentication",)))
    for budget in (both, passwords):
        budget.spend("reading", 2, failure="deciphering")
        budget.spend("reading", failure="authentication")
    assert (both.spent("reading"), passwords.spent("reading")) == (3, 1)


def test_a_success_gives_the_budget_back_where_the_device_forgets() -> None:
    strict, forgetful = FailureBudget(LOCKS_OUT), FailureBudget(_locking_out(forgets_on_success=True))
    for budget in (strict, forgetful):
        budget.spend("reading", 4)
        budget.spend("management", 2)
        budget.succeeded("reading")
    assert (strict.spent("reading"), forgetful.spent("reading")) == (4, 0)
    assert forgetful.spent("management") == 2
    forgetful.spend("reading", 4)
