"""Binds the invariants: judgements over all the traffic of a run, collected last."""

import pytest

from harness.checks.invariants import INVARIANTS, Invariant


@pytest.mark.parametrize("invariant", INVARIANTS, ids=[invariant.id for invariant in INVARIANTS])
def test_invariant(invariant: Invariant, request: pytest.FixtureRequest) -> None:
    # Asked for here and not as an argument: the scenario begins with its call, after the set-up of arguments.
    request.getfixturevalue("trial").judge_traffic(invariant)
