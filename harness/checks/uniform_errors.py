"""The matrix of conditions and doors: what has answered which error condition, folded over the trace of a run.

Scenarios record each reaction as a value of the trace. One stimulus with unlike answers on two doors breaks the rule of
one description; so does one answer to two conditions of which the catalogue says that they share none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from harness.checks.judged import Breach

__all__ = ["ANSWER", "Answer", "AnswerList", "Finding", "Matrix", "told_apart", "uniform_over_doors"]

ANSWER: Final = "answer to an error condition"
"""Name of the recorded value; it has ``condition``, ``stimulus``, ``answer`` and ``accepted``."""

_OF_LINK: Final = frozenset({"dm", "frmr", "rr", "ua", "silence", "closed", "garbled", "malformed"})
"""Reactions that are no description of an error: a link has its own, and a door without a link none."""

_SUCCESS: Final = frozenset({"data", "aare:0"})
"""What is no error is judged where it was asked for."""


_ALSO_MEETS: Final[Mapping[str, str]] = {
    "set-without-service": "unknown_object",
    "action-without-service": "unknown_object",
}
"""Stimulus -> another condition that it meets as well: it names no object of the device, so that nothing can happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one door has answered to one stimulus."""

    door: str
    condition: str
    stimulus: str
    answer: str
    inside: str
    """The error that a rejection of an association carries, empty where there is none that can be read."""
    accepted: frozenset[str]
    """What the catalogue allows for the condition."""
    frame: int
    key: str


Finding = tuple[tuple[Breach, Answer] | None, int]
"""Where a rule breaks, if it does, and how many answers it applied to."""

Matrix = Callable[[Sequence[Answer], str], Finding]
"""Looks at the answers of all doors and judges those of one."""


class AnswerList:
    """Collects the recorded answers of all doors, in order."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._frame = 0

    def take(self, record: Mapping[str, Any]) -> None:
        """Take one record of the trace."""
        if record["kind"] in ("rx", "apdu_rx"):
            self._frame = record["n"]
        elif record["kind"] == "value" and record["event"] == ANSWER:
            value = record["value"]
            self.answers.append(
                Answer(
                    door=record["key"].rpartition("@")[2],
                    condition=value["condition"],
                    stimulus=value["stimulus"],
                    answer=value["answer"],
                    inside=value.get("inside") or "",
                    accepted=frozenset(value["accepted"]),
                    frame=self._frame or record["n"],
                    key=record["key"],
                )
            )


def uniform_over_doors(answers: Sequence[Answer], door: str) -> Finding:
    """Find where an answer at ``door`` differs from that of another door to the same stimulus; count comparisons."""
    of_others: dict[str, Answer] = {}
    for one in answers:
        if one.door != door and one.answer not in _OF_LINK:
            of_others.setdefault(one.stimulus, one)
    seen = 0
    for one in answers:
        other = of_others.get(one.stimulus)
        if one.door != door or one.answer in _OF_LINK or other is None:
            continue
        seen += 1
        if other.answer != one.answer:
            expected = f"{one.condition}: {other.answer} as at door {other.door} (frame {other.frame})"
            return (Breach(expected=expected, observed=f"{one.answer} at door {one.door}"), one), seen
    return None, seen


def _meets_both(one: Answer, other: Answer) -> bool:
    """Whether one of two stimuli meets the condition of the other, so that one answer to both may be right."""
    return _ALSO_MEETS.get(one.stimulus) == other.condition or _ALSO_MEETS.get(other.stimulus) == one.condition


def told_apart(answers: Sequence[Answer], door: str) -> Finding:
    """Find where two conditions of which the catalogue allows no common answer get one at ``door``; count answers."""
    first: dict[tuple[str, str, str], Answer] = {}
    for one in answers:
        if one.door == door and one.answer not in _OF_LINK | _SUCCESS:
            first.setdefault((one.answer, one.inside, one.condition), one)
    earlier: list[Answer] = []
    for one in first.values():
        for other in earlier:
            alike = (other.answer, other.inside) == (one.answer, one.inside)
            if alike and not other.accepted & one.accepted and not _meets_both(one, other):
                expected = f"unlike answers to {other.condition} (frame {other.frame}) and {one.condition}"
                return (Breach(expected=expected, observed=f"{one.answer} to both"), one), len(first)
        earlier.append(one)
    return None, len(first)
