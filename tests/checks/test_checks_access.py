"""Rights as announced against answers, and the count of what was tried."""

import pytest

from harness.checks.access import Announced, Tally, access_as_announced, attempt_refused, same_state
from harness.checks.judged import Breach, Undecided

DENIALS = ("dar:13", "dar:3")


@pytest.mark.parametrize(
    ("announced", "answer", "judged"),
    [
        ("granted", "data", None),
        ("granted", "dar:3", Breach),
        ("granted", "dar:4", Breach),
        ("granted", "exception:1/2", Breach),
        ("granted", "dar:2", Undecided),
        ("granted", "dar:250", Undecided),
        ("granted", "dar:12", Undecided),
        ("denied", "data", Breach),
        ("denied", "dar:3", None),
        ("denied", "dar:250", None),
        ("denied", "silence", Breach),
        ("denied", "action:12", Undecided),
        ("unsure", "data", Undecided),
        ("unsure", "dar:3", Undecided),
    ],
)
def test_an_answer_is_judged_by_what_is_announced(announced: Announced, answer: str, judged: type | None) -> None:
    found = access_as_announced("GET of something", announced, answer, DENIALS)
    assert found is None if judged is None else isinstance(found, judged)


def test_an_attempt_that_was_carried_out_is_named_so() -> None:
    found = attempt_refused("SET of a total", "data", DENIALS)
    assert found == Breach(expected="SET of a total, to be refused with an error", observed="carried out")


@pytest.mark.parametrize(
    ("before", "after", "counting", "sound"),
    [
        (5, 5, True, True),
        (5, 9, True, True),
        (5, 4, True, False),
        (5, 9, False, False),
        (b"\x01", b"\x01", False, True),
        (b"\x01", b"\x02", False, False),
        (b"\x01", None, False, False),
        (5, None, True, False),
    ],
)
def test_what_counts_may_go_on_and_all_else_stays(
    before: bytes | int, after: bytes | int | None, counting: bool, sound: bool
) -> None:
    assert (same_state("a value", before, after, counting=counting) is None) is sound


def test_the_tally_says_what_was_tried_what_not_and_why() -> None:
    tally = Tally(what="writes")
    tally.take(None, 1)
    tally.take(Undecided(reason="type-unmatched", missing="device"), 2)
    tally.take(Breach(expected="a", observed="b"), 3)
    tally.skip("no value known", 2)
    tally.skip("with effect clears")
    assert (tally.tried, tally.judged) == (3, 2)
    assert tally.breaches == [(Breach(expected="a", observed="b"), 3)]
    assert tally.text == (
        "3 writes tried, 1 of them not judged (1 type-unmatched), 3 not tried (2 no value known; 1 with effect clears)"
    )
