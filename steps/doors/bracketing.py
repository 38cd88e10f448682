"""One fact at the main door, at the scenario's door and at the main door again."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from harness.checks.cross_door import Amount, Bracket, Flag, Moment, Shown, Word
from harness.declaration import Door, main_door
from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client
from harness.headend.consumer import ConsumerPort
from harness.headend.facts import (
    DlmsFacts,
    Fact,
    Found,
    Kind,
    PushedFacts,
    ReadoutFacts,
    SlaveFacts,
    TelegramFacts,
    facts_of,
)
from harness.headend.head_end import HeadEnd
from harness.headend.mbus import MBusMaster
from harness.headend.optical import OpticalPort
from harness.headend.pushing import PushListener
from harness.run.trial import Trial

__all__ = ["Compared", "Source", "bracket", "brackets_of", "head_end_at", "main_of", "old_s"]

_BETWEEN_S = 20.0
"""So much metering time passes between two readings where it moves by hand, as it would on a line."""
Kinds = TypeVar("Kinds", Amount, Moment, Word, Flag)


class Source(Protocol):
    """Whoever reads facts at one door."""

    def read(self, facts: Sequence[Fact]) -> Found:
        """Return what the door shows of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What both doors show of the facts of one kind."""

    facts: tuple[Fact, ...]
    before: Found
    other: Found
    after: Found

    def left_out(self) -> dict[str, str]:
        """Name of a fact -> why it cannot be compared."""
        return {
            fact.name: reason
            for fact in self.facts
            for reason in (self.before[fact.name], self.other[fact.name], self.after[fact.name])
            if isinstance(reason, str)
        }


def main_of(trial: Trial) -> Door:
    """Return the door with which the scenario's door is compared."""
    main = main_door(trial.declaration, trial.door)
    if main is None or main.id == trial.door.id:
        raise NotApplicable("there is no other door to compare with", item="doors")
    return main


def head_end_at(trial: Trial, door: Door) -> HeadEnd:
    """Return a head end at a door for DLMS."""
    if trial.head_end.door.id == door.id:
        return trial.head_end
    # With the same invocation counters, which have to rise from reading to reading.
    head_end = trial.head_end.beside(door)
    trial.at_the_end(head_end.close_all)
    return head_end


def source_at(trial: Trial, door: Door) -> Source:
    """Return whoever reads facts at a door."""
    if door.speaks_dlms:
        return DlmsFacts(head_end_at(trial, door))
    if trial.side_at is None:
        raise ValueError("nobody can stand at another door here")
    side = trial.door_side if door.id == trial.door.id else trial.side_at(door)
    trial.at_the_end(side.close_all)
    if isinstance(side, OpticalPort):
        return ReadoutFacts(side, trial.declaration.hardware_fault)
    if isinstance(side, MBusMaster):
        return SlaveFacts(side, trial.declaration.hardware_fault)
    if isinstance(side, ConsumerPort):
        longest_s = float("inf") if door.is_virtual else trial.declaration.bench.longest_wait_s
        return TelegramFacts(side, longest_s=longest_s)
    if isinstance(side, PushListener):
        return PushedFacts(side, head_end_at(trial, main_of(trial)), trial.object("push_setup"))
    raise ValueError(f"nobody reads facts at door {door.id}")


def old_s(trial: Trial) -> Decimal:
    """How much older values may be at the scenario's door than they may be at every door."""
    consumer = trial.door.consumer
    return Decimal(str(trial.door.age_s if consumer is None else max(consumer.oldest_s, trial.door.age_s)))


def bracket(
    trial: Trial, kind: Kind, *others: Kind, clients: Sequence[Client] = (), other: Source | None = None
) -> Compared:
    """Read the facts of a kind, and of ``others``, at both doors; ``clients`` stay associated meanwhile.

    ``other`` reads in another way than is usual at the scenario's door.
    """
    facts = tuple(
        fact
        for each in (kind, *others)
        for fact in facts_of(trial.declaration, each)
        if fact.role not in trial.door.not_same
    )
    if not any(fact.kind == kind for fact in facts):
        raise NotApplicable(f"no object of {kind} is declared that door {trial.door.id} shows too", item="objects")
    main = source_at(trial, main_of(trial))
    other = other or source_at(trial, trial.door)
    with trial.basis():
        before = main.read(facts)
        _pass(trial, clients)
        shown = other.read(facts)
        _pass(trial, clients)
        after = main.read(facts)
    return Compared(facts=facts, before=before, other=shown, after=after)


def _pass(trial: Trial, clients: Sequence[Client]) -> None:
    if trial.time_moves_by_hand:
        trial.let_pass(_BETWEEN_S, *clients)


def brackets_of(trial: Trial, compared: Compared, kind: Kind, shape: type[Kinds]) -> list[Bracket[Kinds]]:
    """Return the facts of a kind that can be compared; ``NotApplicable`` says why where none can.

    What is left out stands in the reason of the verdict.
    """
    found = []
    for fact in compared.facts:
        before, other, after = (each[fact.name] for each in (compared.before, compared.other, compared.after))
        if fact.kind != kind:
            continue
        if isinstance(before, shape) and isinstance(other, shape) and isinstance(after, shape):
            found.append(Bracket(fact=fact.name, before=before, other=other, after=after))
        elif any(isinstance(one, Shown) and not isinstance(one, shape) for one in (before, other, after)):
            raise Inconclusive(f"{fact.name} is shown in another shape: {other}", missing="device")
    told = _told(compared, kind)
    if not found:
        raise NotApplicable(f"door {trial.door.id} shows nothing of it: {told}", item="doors")
    remark = f"compared: {', '.join(one.fact for one in found)}" + (f"; not compared: {told}" if told else "")
    if remark not in trial.remarks:
        trial.remarks.append(remark)
    return found


def _told(compared: Compared, kind: Kind) -> str:
    """Say what is left out and why, facts with the same reason together."""
    kinds = {fact.name: fact.kind for fact in compared.facts}
    groups: dict[str, list[str]] = {}
    for name, why in compared.left_out().items():
        if kinds[name] == kind:
            groups.setdefault(why, []).append(name)
    return "; ".join(f"{', '.join(names)} ({why})" for why, names in groups.items())
