"""The matrix of conditions and doors: one description for one error, unlike ones for unlike errors."""

from typing import Any

import pytest

from harness.checks.invariants import INVARIANTS, judge
from harness.checks.uniform_errors import ANSWER

UNDEFINED = ["dar:4", "dar:3", "dar:11"]
CLASS = ["dar:9", "dar:3", "dar:4"]
BLOCK = ["dar:16"]


def answer(
    door: str, condition: str, name: str, accepted: list[str], stimulus: str = "", inside: str | None = None
) -> list[dict[str, Any]]:
    """A received frame and the value that a scenario has kept of it."""
    value = {"condition": condition, "stimulus": stimulus or condition, "answer": name, "accepted": accepted}
    value |= {"inside": inside} if inside else {}
    key = f"TR-Conf.04a-N01.{condition}@{door}"
    return [
        {"n": 0, "key": key, "door": door, "link": 1, "kind": "apdu_rx", "data": "c401c10104"},
        {"n": 0, "key": key, "kind": "value", "event": ANSWER, "value": value},
    ]


def judged(id_: str, door: str, *parts: list[dict[str, Any]]) -> tuple[str | None, int]:
    records = [record for part in parts for record in part]
    for number, record in enumerate(records, start=1):
        record["n"] = number
    rule = next(one for one in INVARIANTS if one.id == id_)
    broken, seen = judge(rule, records, door=door, known_answer=lambda name: True)
    return (None if broken is None else f"{broken.breach.expected} | {broken.breach.observed}", seen)


def test_the_same_answer_at_both_doors_is_uniform() -> None:
    parts = (answer("a", "unknown_object", "dar:4", UNDEFINED), answer("b", "unknown_object", "dar:4", UNDEFINED))
    assert judged("TR-Conf.04a-I02", "a", *parts) == (None, 1)
    assert judged("TR-Conf.04a-I02", "b", *parts) == (None, 1)


def test_unlike_answers_at_two_doors_name_both_doors_and_frames() -> None:
    parts = (answer("a", "unknown_object", "dar:4", UNDEFINED), answer("b", "unknown_object", "dar:11", UNDEFINED))
    text, _ = judged("TR-Conf.04a-I02", "b", *parts)
    assert text == "unknown_object: dar:4 as at door a (frame 1) | dar:11 at door b"


def test_what_one_door_alone_has_seen_is_compared_with_nothing() -> None:
    parts = (answer("a", "unknown_object", "dar:4", UNDEFINED), answer("b", "wrong_class", "dar:9", CLASS))
    assert judged("TR-Conf.04a-I02", "a", *parts) == (None, 0)


def test_two_stimuli_of_one_condition_are_not_compared() -> None:
    parts = (
        answer("a", "unknown_object", "dar:4", UNDEFINED, "get"),
        answer("b", "unknown_object", "dar:11", UNDEFINED, "set"),
    )
    assert judged("TR-Conf.04a-I02", "b", *parts) == (None, 0)


@pytest.mark.parametrize("reaction", ["frmr", "dm", "silence", "closed"])
def test_reactions_of_a_link_are_no_mismatch(reaction: str) -> None:
    parts = (
        answer("a", "request_too_long", "exception:1/4", ["exception:1/4", "frmr"]),
        answer("b", "request_too_long", reaction, ["exception:1/4", "frmr"]),
    )
    assert judged("TR-Conf.04a-I02", "b", *parts) == (None, 0)
    assert judged("TR-Conf.04a-I02", "a", *parts) == (None, 0)


def test_conditions_with_a_common_answer_may_share_one() -> None:
    parts = (answer("a", "unknown_object", "dar:4", UNDEFINED), answer("a", "wrong_class", "dar:4", CLASS))
    assert judged("TR-Conf.04a-I03", "a", *parts) == (None, 2)


def test_one_answer_to_unlike_conditions_breaks_the_rule() -> None:
    parts = (answer("a", "unknown_object", "dar:250", UNDEFINED), answer("a", "get_next", "dar:250", BLOCK))
    text, _ = judged("TR-Conf.04a-I03", "a", *parts)
    assert text == "unlike answers to unknown_object (frame 1) and get_next | dar:250 to both"
    assert judged("TR-Conf.04a-I03", "b", *parts) == (None, 0)


def test_a_stimulus_that_meets_two_conditions_may_get_the_answer_to_either() -> None:
    unknown = answer("a", "unknown_object", "dar:4", UNDEFINED)
    both = answer("a", "service_not_negotiated", "dar:4", ["exception:1/2"], "set-without-service")
    one = answer("a", "service_not_negotiated", "dar:4", ["exception:1/2"], "get-without-service")
    assert judged("TR-Conf.04a-I03", "a", unknown, both) == (None, 2)
    assert judged("TR-Conf.04a-I03", "a", unknown, one)[0] is not None


@pytest.mark.parametrize(("inside", "apart"), [("confirmed:1/6/1", True), ("confirmed:1/6/2", False), (None, True)])
def test_rejections_with_unlike_errors_inside_are_told_apart(inside: str | None, apart: bool) -> None:
    version = answer("a", "initiate_version_high", "aare:1/user:1", ["aare:0"], inside=inside)
    empty = answer("a", "initiate_conformance_empty", "aare:1/user:1", ["aare:1/user:1"], inside="confirmed:1/6/2")
    assert (judged("TR-Conf.04a-I03", "a", version, empty)[0] is None) is apart
