"""General ciphering and general signing between the head end and the reference meter, each with its own of both."""

import json
from typing import Any

import pytest

from harness.errors import NonConformity
from tests.headend.conftest import (
    DOORS,
    OF_CLIENT,
    Open,
    Place,
    agreement_keys,
    key,
    point,
    reading_of,
    signing_keys,
)

CONFORMANCE = ["GENERAL_PROTECTION", "GET", "SET", "ACTION", "SELECTIVE_ACCESS", "BLOCK_GET", "MULTIPLE_REFERENCES"]


def general(suite: int, **more: Any) -> dict[str, Any]:
    keys = {**signing_keys(suite), **agreement_keys(suite)} if suite else {}
    reading = reading_of("hls-gmac", ciphered=True, suite=suite, **{**keys, **more})
    reading["conformance"] = CONFORMANCE
    return reading


def tags_sent(at: Place) -> set[str]:
    """First octets of all that was protected, in hexadecimal."""
    records = map(json.loads, at.trace.path.read_text().splitlines())
    return {record["value"][2:4] for record in records if record.get("event") == "protected"}


@pytest.mark.parametrize("suite", [1, 2])
@pytest.mark.parametrize("choice", ["identified", "wrapped", "one-pass", "static"])
@pytest.mark.parametrize("signed", [False, True])
def test_objects_are_read_with_every_key_signed_and_unsigned(
    place: Open, suite: int, choice: str, signed: bool
) -> None:
    more = {"master_key": "hex:" + key(50, suite).hex()} if choice == "wrapped" else {}
    at = place("loop-wrapper", general(suite, key_info=choice, signed=signed, **more))
    assert at.read(at.head_end())
    assert tags_sent(at) == {"21", "df" if signed else "dd"}


@pytest.mark.parametrize("choice", ["identified", "wrapped"])
def test_suite_0_has_keys_that_are_identified_or_wrapped(place: Open, choice: str) -> None:
    more = {"master_key": "hex:" + key(50, 0).hex()} if choice == "wrapped" else {}
    at = place("loop-wrapper", general(0, key_info=choice, **more))
    assert at.read(at.head_end())


@DOORS
def test_signed_requests_in_the_usual_forms(place: Open, door: str) -> None:
    at = place(door, general(1, signed=True))
    assert at.read(at.head_end())
    assert tags_sent(at) == {"21", "df"}


def test_associations_one_after_the_other_never_repeat_a_transaction(place: Open) -> None:
    at = place("loop-wrapper", general(1, key_info="static", signed=True))
    for _ in range(3):
        assert at.read(at.head_end())


@pytest.mark.parametrize("choice", ["one-pass", "static"])
def test_replay_needs_no_keys_of_agreement(place: Open, choice: str) -> None:
    recorded = place("loop-wrapper", general(1, key_info=choice, signed=True))
    values = recorded.read(recorded.head_end())
    recorded.trace.close()
    other = general(1, key_info=choice, signed=True)
    other["security"]["agreement_key"] = "withheld:32"
    again = place("loop-wrapper", other)
    again.replay(recorded)
    assert again.read(again.head_end()) == values


def test_answers_signed_by_somebody_else_are_a_finding(place: Open) -> None:
    at = place("loop-wrapper", general(1, signed=True, server_public_key=point(OF_CLIENT, 1).hex()))
    with pytest.raises(NonConformity, match="signature does not fit"):
        at.read(at.head_end())


def test_agreed_key_of_somebody_else_gets_no_answer(place: Open) -> None:
    at = place("loop-wrapper", general(1, key_info="static", server_agreement_key=point(OF_CLIENT, 1).hex()))
    with pytest.raises(NonConformity):
        at.read(at.head_end())
