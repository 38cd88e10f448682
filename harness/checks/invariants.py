"""Invariants: what must hold in all the traffic of a run, whatever the scenario was about.

A fold takes the APDU records of one door in order and says at which one the rule breaks. It keeps no more than
the state of the open links, so a trace of any length is judged in flat memory.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from harness.checks.invariant_folds import (
    AnswerCount,
    BlockOrder,
    ConformanceSubset,
    InvokeIdEcho,
    KnownErrors,
    PduSize,
)
from harness.checks.judged import Breach
from harness.checks.privacy_folds import EventContents, NoSecrets
from harness.checks.protection_folds import ChallengesNew, CountersRise, DataProtected
from harness.checks.uniform_errors import Answer, AnswerList, Matrix, told_apart, uniform_over_doors

__all__ = ["INVARIANTS", "Broken", "Fold", "Invariant", "Traffic", "judge"]

_CHANGED = "changed: "
"""Begins the event of a frame that was damaged on purpose: what the device reads in it, the APDU records do not say."""
_HEAD_OCTETS, _BLOCK_HEAD_OCTETS = 3, 8
"""Of an APDU: tag, choice, invoke-id; of a block of a GET its number too."""
_OF_BLOCKS = ("c002", "c402")


class Fold(Protocol):
    """Takes records one by one."""

    seen: int
    """How many records the rule applied to."""

    def take(self, link: tuple[str, int], kind: str, octets: bytes) -> Breach | None:
        """Judge one record; ``link`` is result key and link number, ``kind`` is apdu_tx, apdu_rx or tx."""


@runtime_checkable
class RecordFold(Protocol):
    """Takes whole records, where octets alone do not tell enough."""

    seen: int

    def take_record(self, link: tuple[str, int], record: Mapping[str, Any]) -> Breach | None:
        """Judge one record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One rule with its id, like ``TR-Conf.05a-I01``."""

    id: str
    title: str
    clauses: tuple[str, ...]
    fold: Callable[[Callable[[str], bool]], Fold | RecordFold]
    """Makes a fresh fold from the catalogue's ``known_answer``."""
    of_secrets: bool = False
    """The fold takes the octets that are masked, as zeros, and no others."""
    of_requests: bool = False
    """The rule compares with what was asked: it says nothing of a link on which a request went out damaged."""
    of_answers: Matrix | None = None
    """Looks at what all doors have answered to error conditions, in place of the fold at the octets of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Where a rule breaks."""

    breach: Breach
    frame: int
    key: str


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        id="TR-Conf.05a-I01",
        title="Every answer carries the invoke-id of a request that waits for one",
        clauses=("TR-Conf.05a",),
        fold=lambda known: InvokeIdEcho(),
        of_requests=True,
    ),
    Invariant(
        id="TR-Conf.05a-I02",
        title="No request is answered twice",
        clauses=("TR-Conf.05a",),
        fold=lambda known: AnswerCount(),
        of_requests=True,
    ),
    Invariant(
        id="TR-Conf.05a-I03",
        title="No service is negotiated that was not proposed",
        clauses=("TR-Conf.05a",),
        fold=lambda known: ConformanceSubset(),
        of_requests=True,
    ),
    Invariant(
        id="TR-Conf.04a-I01",
        title="Every error code is one that the catalogue knows",
        clauses=("TR-Conf.04a",),
        fold=KnownErrors,
    ),
    Invariant(
        id="TR-Conf.04a-I02",
        title="One error condition gets one answer at all doors",
        clauses=("TR-Conf.04a",),
        fold=KnownErrors,
        of_answers=uniform_over_doors,
    ),
    Invariant(
        id="TR-Conf.04a-I03",
        title="Unlike error conditions get unlike answers",
        clauses=("TR-Conf.04a",),
        fold=KnownErrors,
        of_answers=told_apart,
    ),
    Invariant(
        id="TR-Conf.02b-I01",
        title="No challenge of the device comes again",
        clauses=("TR-Conf.02b",),
        fold=lambda known: ChallengesNew(),
    ),
    Invariant(
        id="TR-Conf.05b-I01",
        title="The device's invocation counters rise under each key",
        clauses=("TR-Conf.05b",),
        fold=lambda known: CountersRise(),
    ),
    Invariant(
        id="TR-Conf.05b-I02",
        title="No data comes protected less than its request and the association demand",
        clauses=("TR-Conf.05b",),
        fold=lambda known: DataProtected(),
    ),
    Invariant(
        id="SU3.step2-I01",
        title="No answer is longer than the client announced to take",
        clauses=("SU3.step2",),
        fold=lambda known: PduSize(),
        of_requests=True,
    ),
    Invariant(
        id="SU3.step2-I02",
        title="The blocks of a long answer are numbered one by one",
        clauses=("SU3.step2",),
        fold=lambda known: BlockOrder(),
        of_requests=True,
    ),
    Invariant(
        id="DF.5-I01",
        title="No event notification tells a consumption",
        clauses=("DF.5",),
        fold=lambda known: EventContents(),
    ),
    Invariant(
        id="DF.6-I01",
        title="No key stands in what the device sends",
        clauses=("DF.6",),
        fold=lambda known: NoSecrets(),
        of_secrets=True,
    ),
)


class Traffic:
    """Judges all invariants at all doors in one pass over the records of a run."""

    def __init__(self, invariants: Sequence[Invariant], known_answer: Callable[[str], bool]) -> None:
        self._invariants = invariants
        self._known_answer = known_answer
        self._answers = AnswerList()
        self._folding: dict[str, list[_Folding]] = {}

    def take(self, record: Mapping[str, Any]) -> None:
        """Take the next record."""
        self._answers.take(record)
        if record["kind"] not in ("apdu_tx", "apdu_rx", "tx"):
            return
        for folding in self._at(record["door"]):
            folding.take(record)

    def judged(self, invariant: Invariant, door: str) -> tuple[Broken | None, int]:
        """Return where a rule breaks first at ``door``, and how many records it applied to."""
        if invariant.of_answers is not None:
            return _judge_answers(invariant.of_answers, self._answers.answers, door)
        (folding,) = (one for one in self._at(door) if one.invariant.id == invariant.id)
        return folding.broken, folding.fold.seen

    def _at(self, door: str) -> "list[_Folding]":
        if door not in self._folding:
            of_frames = (invariant for invariant in self._invariants if invariant.of_answers is None)
            self._folding[door] = [_Folding(invariant, self._known_answer) for invariant in of_frames]
        return self._folding[door]


class _Folding:
    """One invariant at one door, up to where it breaks."""

    def __init__(self, invariant: Invariant, known_answer: Callable[[str], bool]) -> None:
        self.invariant = invariant
        self.fold = invariant.fold(known_answer)
        self.broken: Broken | None = None
        self._damaged: set[tuple[str, int]] = set()
        self._judge = self._whole if isinstance(self.fold, RecordFold) else self._octets

    def take(self, record: Mapping[str, Any]) -> None:
        if self.broken is not None:
            return
        link = (record["key"], record["link"])
        if (record.get("event") or "").startswith(_CHANGED) or _hides_head(record):
            self._damaged.add(link)
        if self.invariant.of_requests and link in self._damaged:
            return
        breach = self._judge(link, record)
        if breach is not None:
            self.broken = Broken(breach=breach, frame=record["n"], key=record["key"])

    def _whole(self, link: tuple[str, int], record: Mapping[str, Any]) -> Breach | None:
        fold: Any = self.fold
        breach: Breach | None = fold.take_record(link, record)
        return breach

    def _octets(self, link: tuple[str, int], record: Mapping[str, Any]) -> Breach | None:
        fold: Any = self.fold
        octets = _masked(record) if self.invariant.of_secrets else bytes.fromhex(record["data"].replace("**", "00"))
        breach: Breach | None = fold.take(link, record["kind"], octets)
        return breach


def judge(
    invariant: Invariant, records: Iterable[Mapping[str, Any]], *, door: str, known_answer: Callable[[str], bool]
) -> tuple[Broken | None, int]:
    """Judge one invariant over records at hand."""
    traffic = Traffic((invariant,), known_answer)
    for record in records:
        traffic.take(record)
    return traffic.judged(invariant, door)


def _hides_head(record: Mapping[str, Any]) -> bool:
    """Whether a secret so short that it stands everywhere by chance hides what an APDU is, or its number."""
    data = record.get("data") or ""
    head = _BLOCK_HEAD_OCTETS if data.startswith(_OF_BLOCKS) else _HEAD_OCTETS
    return record["kind"] in ("apdu_tx", "apdu_rx") and "*" in data[: 2 * head]


def _masked(record: Mapping[str, Any]) -> bytes:
    """As many octets as the longest secret in a record has."""
    return bytes(max((length for _, length in record.get("masked", ())), default=0))


def _judge_answers(matrix: Matrix, answers: Sequence[Answer], door: str) -> tuple[Broken | None, int]:
    found, seen = matrix(answers, door)
    if found is None:
        return None, seen
    breach, answer = found
    return Broken(breach=breach, frame=answer.frame, key=answer.key), seen
