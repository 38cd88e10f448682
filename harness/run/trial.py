"""One scenario under way at one door: what its steps work with."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from harness.catalogue import Catalogue
from harness.checks.invariants import Invariant, Traffic
from harness.checks.judged import Breach, Undecided, Verdictless
from harness.checks.refusals import REFUSALS
from harness.checks.uniform_errors import uniform_over_doors
from harness.declaration import CosemObject, Door, Profile
from harness.declaration.protection import Failure
from harness.errors import DeviceError, Inconclusive, NonConformity, NotApplicable
from harness.headend.desk import Desk
from harness.headend.door_side import DoorSide
from harness.headend.head_end import HeadEnd
from harness.headend.restoring.changes import Changes
from harness.keys import Journal
from harness.run.budget import FailureBudget
from harness.run.life_log import LifeLog
from harness.run.plain_key import has_plain_key
from harness.run.surroundings import Surroundings

__all__ = ["Trial"]

Side = TypeVar("Side")


@dataclass(kw_only=True)
class Trial(Surroundings):
    """The scenario's view of the run; steps get it as the fixture ``trial``."""

    catalogue: Catalogue
    door_side: DoorSide
    """What stands at the scenario's door: the head end, or what speaks the door's other protocol."""
    journal: Journal
    """Changes of the device that are to be undone."""
    traffic: Callable[[], Traffic]
    """Gives everything that the doors have carried in the run, judged by all invariants."""
    desk: type[Desk]
    """What serves Actor A; another one than ``Desk`` only where the self-checks are proved."""
    budget: FailureBudget
    """Failed authentications and decryptions that the device may still count in this run."""
    life_log: LifeLog
    """What is done to bring the device back, and how often its supply was switched for that."""
    steps: list[str] = field(default_factory=list)
    """The steps begun so far, keyword included."""
    preamble: bool = True
    """Whether the step under way is a Given."""
    endings: list[Callable[[], None]] = field(default_factory=list)
    neighbour: Callable[[Door], HeadEnd] | None = None
    """Gives a head end at another door of the device."""
    side_at: Callable[[Door], DoorSide] | None = None
    """Gives what stands at another door, of any protocol but DLMS."""
    remarks: list[str] = field(default_factory=list)
    """What the reason of the verdict says besides: how long silence was waited for, what came, what was tried."""

    @property
    def clause(self) -> str:
        """The clause that findings of this scenario name."""
        return self.meta.clause

    def side(self, kind: type[Side]) -> Side:
        """Return what stands at the scenario's door, which only fits doors where that is a ``kind``."""
        if not isinstance(self.door_side, kind):
            raise ValueError(f"no {kind.__name__} stands at door {self.door.id}")
        return self.door_side

    def spend_failures(self, association_id: str, count: int = 1, *, failure: Failure = "authentication") -> None:
        """Take failures from the budget before the device may count them; ``Inconclusive`` where it has run out."""
        before = self.budget.spent(association_id)
        self.budget.spend(association_id, count, failure=failure)
        if self.budget.spent(association_id) > before:
            self.trace.note("failures spent", {"association": association_id, "count": count})

    @contextmanager
    def basis(self) -> Iterator[None]:
        """Read what the judgement only stands on: what is wrong there belongs to another clause."""
        try:
            yield
        except (NonConformity, DeviceError) as error:
            raise Inconclusive(f"basis: {error}", missing="device") from error

    # What the declaration says

    def object(self, role: str) -> CosemObject:
        """Return the declared object of a role.

        An object that the source demands and the declaration denies is a FAIL, one that is not mentioned is
        INCONCLUSIVE.
        """
        return self.declaration.require(role, clause=self.clause)

    def objects(self, role: str) -> tuple[CosemObject, ...]:
        """Return all declared objects of a role, judged as ``object`` does."""
        return self.declaration.require_all(role, clause=self.clause)

    def profile_declaration(self, role: str) -> Profile:
        """Return what is declared about a profile; without it nobody knows what is right."""
        if role not in self.declaration.profiles:
            raise Inconclusive(f"the declaration does not mention profiles.{role}", missing="declaration")
        return self.declaration.profiles[role]

    def accepted_answers(self, condition: str) -> tuple[str, ...]:
        """Return the answers to an error condition that this device may give at this door."""
        return self.declaration.answers_of(condition, self.door) or self.catalogue.accepted_answers(condition)

    def refusals(self, *conditions: str) -> frozenset[str]:
        """Return what says that something is not done, where the reason is not what the clause is about.

        Every error, and what else the device may answer to one of ``conditions``.
        """
        return REFUSALS | {answer for one in conditions for answer in self.accepted_answers(one)}

    # Verdicts

    def judge(self, judged: Verdictless, frame: int | None = None) -> None:
        """Turn what a check gives into the scenario's verdict; nothing happens when all is as required."""
        match judged:
            case Breach():
                raise self.fail(expected=judged.expected, observed=judged.observed, frame=frame)
            case Undecided():
                raise Inconclusive(judged.reason, missing=judged.missing)
            case None:
                return

    def judge_traffic(self, invariant: Invariant) -> None:
        """Judge an invariant over everything that this door has carried in the run so far."""
        if invariant.of_secrets and has_plain_key(self.declaration, self.trace):
            raise Inconclusive("a declared key is so plain that it may stand anywhere by chance", missing="declaration")
        if invariant.of_answers is uniform_over_doors and len(self.declaration.dlms_doors) == 1:
            raise NotApplicable("the device is reached by one interface only", item="doors")
        if "TR-Conf.05b" in invariant.clauses and self.declaration.ciphered_association(self.door) is None:
            raise NotApplicable(f"door {self.door.id} takes no ciphered client", item="associations")
        if "TR-Conf.02b" in invariant.clauses and not self.declaration.challenges_at(self.door):
            raise NotApplicable(f"door {self.door.id} takes no client that is given a challenge", item="associations")
        broken, seen = self.traffic().judged(invariant, self.door.id)
        if broken is not None:
            raise self.fail(
                expected=broken.breach.expected,
                observed=f"{broken.breach.observed} (in {broken.key})",
                frame=broken.frame,
            )
        if not seen:
            raise Inconclusive("nothing of this kind has passed this door in this run", missing="device")

    def fail(
        self, *, expected: str, observed: str, frame: int | None = None, further: tuple[int, ...] = ()
    ) -> NonConformity:
        """Return the finding of this scenario's clause, to be raised; ``further`` are frames that show it as well."""
        frame = frame or self.trace.last_received
        return NonConformity(clause=self.clause, expected=expected, observed=observed, frame=frame, further=further)

    def plot(self, name: str, data: Mapping[str, Any]) -> None:
        """Keep the data of a plot for the report to draw; names are those of ``harness.report.drawings.PLOTS``."""
        self.trace.note("plot", {"plot": name, "data": data})

    # Leaving the device as found

    @property
    def changes(self) -> Changes:
        """Makes changes that are undone when the scenario is over."""
        return Changes(
            head_end=self.head_end,
            journal=self.journal,
            trace=self.trace,
            at_the_end=self.at_the_end,
            now=self.time.now if self.bench.time is not None else self._computer_time,
            shown=self.clock_history.shown,
        )

    def _computer_time(self) -> datetime:
        return datetime.fromisoformat(self.trace.recall("wall clock", lambda: datetime.now(UTC).isoformat()))

    def at_the_end(self, ending: Callable[[], None]) -> None:
        """Have something undone when the scenario is over, however it ends; the last comes first."""
        self.endings.append(ending)

    def end(self) -> None:
        """Undo what the scenario asked to have undone; the first error is raised when all has been tried."""
        first: Exception | None = None
        while self.endings:
            try:
                self.endings.pop()()
            except Exception as error:
                first = first or error
        if first is not None:
            raise first
