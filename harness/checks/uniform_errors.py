"""The matrix of conditions and doors: what has answered which error condition, folded over the trace of a run.

Scenarios record each reaction as a value of the trace. One stimulus with unlike answers on two doors breaks the rule of
one description; so does one answer to two conditions of which the catalogue says that they share none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from harness.checks.judged import Breach

__all__ = ["ANSWER", "Answer", "answers_in", "told_apart", "uniform_over_doors"]

ANSWER: Final = "answer to an error condition"
"""Name of the recorded value; it has ``condition``, ``stimulus``, ``answer`` and ``accepted``."""

_OF_LINK: Final = frozenset({"dm", "frmr", "rr", "ua", "silence", "closed", "garbled", "malformed"})
"""Reactions that are no description of an error: a link has its own, and a door without a link none."""

_SUCCESS: Final = frozenset({"data", "aare:0"})
"""What is no error is judged where it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one door has answered to one stimulus."""

    door: str
    condition: str
    stimulus: str
    answer: str
    accepted: frozenset[str]
    """What the catalogue allows for the condition."""
    frame: int
    key: str


def answers_in(records: Iterable[Mapping[str, Any]]) -> list[Answer]:
    """Return all recorded answers, in order."""
    found: list[Answer] = []
    frame = 0
    for record in records:
        if record["kind"] in ("rx", "apdu_rx"):
            frame = record["n"]
        elif record["kind"] == "value" and record["event"] == ANSWER:
            value = record["value"]
            found.append(
                Answer(
                    door=record["key"].rpartition("@")[2],
                    condition=value["condition"],
                    stimulus=value["stimulus"],
                    answer=value["answer"],
                    accepted=frozenset(value["accepted"]),
                    frame=frame or record["n"],
                    key=record["key"],
                )
            )
    return found


def uniform_over_doors(answers: Iterable[Answer], door: str) -> tuple[Breach, Answer] | None:
    """Return where an answer at ``door`` differs from that of another door to the same stimulus."""
    of_others: dict[str, Answer] = {}
    of_door: list[Answer] = []
    for one in answers:
        if one.answer in _OF_LINK:
            continue
        if one.door == door:
            of_door.append(one)
        else:
            of_others.setdefault(one.stimulus, one)
    for one in of_door:
        other = of_others.get(one.stimulus)
        if other is not None and other.answer != one.answer:
            expected = f"{one.condition}: {other.answer} as at door {other.door} (frame {other.frame})"
            return Breach(expected=expected, observed=f"{one.answer} at door {one.door}"), one
    return None


def told_apart(answers: Iterable[Answer], door: str) -> tuple[Breach, Answer] | None:
    """Return where two conditions of which the catalogue allows no common answer get one at ``door``."""
    first: dict[tuple[str, str], Answer] = {}
    for one in answers:
        if one.door == door and one.answer not in _OF_LINK | _SUCCESS:
            first.setdefault((one.answer, one.condition), one)
    seen: list[Answer] = []
    for one in first.values():
        for other in seen:
            if other.answer == one.answer and not other.accepted & one.accepted:
                expected = f"unlike answers to {other.condition} (frame {other.frame}) and {one.condition}"
                return Breach(expected=expected, observed=f"{one.answer} to both"), one
        seen.append(one)
    return None
