"""Answers by which a device says no, and their words."""

import pytest

from harness.checks.refusals import REFUSALS, told


@pytest.mark.parametrize("answer", ["dar:3", "dar:250", "action:12", "exception:1/2", "exception:2/3"])
def test_errors_are_refusals(answer: str) -> None:
    assert answer in REFUSALS


@pytest.mark.parametrize(
    "answer", ["dar:0", "action:0", "dar:19", "data", "empty", "silence", "closed", "exception:1/6"]
)
def test_success_silence_and_broken_blocks_are_none(answer: str) -> None:
    assert answer not in REFUSALS


def test_words() -> None:
    assert told(["dar:3", "dar:13"]) == "dar:13 or dar:3"
    assert told(REFUSALS) == "an error"
    assert told({*REFUSALS, "silence"}) == "an error or silence"
