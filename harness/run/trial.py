"""One scenario under way at one door: what its steps work with."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from harness.bench.base import Bench, Disturbance, HandsBench, LoadBench, PowerBench, TimeBench
from harness.catalogue import Catalogue
from harness.checks.energy import EnergyExpectation
from harness.checks.invariants import Invariant, judge
from harness.checks.judged import Breach, Undecided, Verdictless
from harness.checks.uniform_errors import uniform_over_doors
from harness.declaration import CosemObject, Declaration, Door, Profile
from harness.declaration.protection import Failure
from harness.errors import DeviceError, Inconclusive, NonConformity, NotApplicable
from harness.evidence.trace import Trace, read_trace
from harness.headend.client import Client
from harness.headend.desk import Desk
from harness.headend.head_end import HeadEnd
from harness.headend.restoring.changes import Changes
from harness.keys import Journal
from harness.run.budget import FailureBudget
from harness.run.items import ItemMeta
from harness.run.plain_key import has_plain_key

__all__ = ["Trial"]

_TURNAROUND_UNCERTAINTY_S = 0.02
"""What the computer's own scheduling adds to a measured response time."""
_READS_AN_IDLE_TIME = 3


@dataclass(kw_only=True)
class Trial:
    """The scenario's view of the run; steps get it as the fixture ``trial``."""

    meta: ItemMeta
    declaration: Declaration
    catalogue: Catalogue
    door: Door
    head_end: HeadEnd
    bench: Bench
    trace: Trace
    journal: Journal
    """Changes of the device that are to be undone."""
    desk: type[Desk]
    """What serves Actor A; another one than ``Desk`` only where the self-checks are proved."""
    budget: FailureBudget
    """Failed authentications and decryptions that the device may still count in this run."""
    steps: list[str] = field(default_factory=list)
    """The steps begun so far, keyword included."""
    preamble: bool = True
    """Whether the step under way is a Given."""
    kinds_of_time: set[str] = field(default_factory=set)
    applied_w: Decimal = Decimal(0)
    """Import power that the scenario has applied."""
    endings: list[Callable[[], None]] = field(default_factory=list)
    neighbour: Callable[[Door], HeadEnd] | None = None
    """Gives a head end at another door of the device."""
    remarks: list[str] = field(default_factory=list)
    """What the reason of the verdict says besides: how long silence was waited for, what came, what was tried."""

    @property
    def clause(self) -> str:
        """The clause that findings of this scenario name."""
        return self.meta.clause

    # What surrounds the device

    @property
    def time(self) -> TimeBench:
        """The time bench; raises ``Inconclusive`` where the declaration names none."""
        if self.bench.time is None:
            raise Inconclusive("the declaration names no time bench ([bench] time)", missing="bench")
        self.kinds_of_time.add(self.bench.time.kind)
        return self.bench.time

    @property
    def time_moves_by_hand(self) -> bool:
        """Whether metering time stands still unless the bench moves it."""
        return self.bench.time is not None and self.bench.time.kind == "virtual"

    @property
    def load(self) -> LoadBench:
        """The load bench; raises ``Inconclusive`` where the declaration names none."""
        if self.bench.load is None:
            raise Inconclusive("the declaration names no load bench ([bench] load)", missing="bench")
        return self.bench.load

    @property
    def disturbance(self) -> Disturbance:
        """The bench's rougher abilities; raises ``Inconclusive`` where it has none."""
        if self.bench.disturbance is None:
            raise Inconclusive("no bench can make the device lose its time or its links", missing="bench")
        return self.bench.disturbance

    @property
    def power(self) -> PowerBench:
        """What switches the device's supply; raises ``Inconclusive`` where nobody can."""
        if self.bench.power is None:
            raise Inconclusive(
                "the declaration names no bench for the device's supply ([bench] power)", missing="bench"
            )
        return self.bench.power

    @property
    def hands(self) -> HandsBench:
        """What handles the seal; raises ``Inconclusive`` where nobody can."""
        if self.bench.hands is None:
            raise Inconclusive("no bench handles the seal ([bench] hands)", missing="bench")
        return self.bench.hands

    def spend_failures(self, association_id: str, count: int = 1, *, failure: Failure = "authentication") -> None:
        """Take failures from the budget before the device may count them; ``Inconclusive`` where it has run out."""
        self.budget.spend(association_id, count, failure=failure)

    def let_pass(self, seconds: float, *clients: Client) -> None:
        """Let metering time pass while ``clients`` stay associated.

        Where time is real, a device may end an idle link: the clients read something small now and then, and one
        that is lost all the same is associated again.
        """
        idle_s = self.head_end.timing.inactivity_timeout_s
        if self.time_moves_by_hand or not idle_s:
            self.time.advance(seconds)
            return
        left_s = seconds
        while left_s > 0:
            slice_s = min(left_s, idle_s / _READS_AN_IDLE_TIME)
            self.time.advance(slice_s)
            left_s -= slice_s
            for client in clients:
                client.keep_alive()
        for client in clients:
            if not client.is_associated:
                client.establish()

    def apply_load(self, import_w: Decimal) -> None:
        """Apply an import power from now on, or take the constant load that flows anyway, if any does.

        "No load" is meant as it is said: a constant load is no substitute for it.
        """
        constant = self.declaration.bench.constant_load
        if constant is not None and constant.import_w > 0 and import_w > 0:
            import_w = Decimal(str(constant.import_w))
            self.load.apply(constant.import_w, constant.export_w)
        else:
            self.load.apply(float(import_w), 0.0)
        self.applied_w = import_w
        if self.bench.time is not None:
            # Registers may be as old as the declared freshness and have to catch up with the change.
            self.time.advance(self.declaration.metering.freshness_s)

    @property
    def may_vary_load(self) -> bool:
        """Whether different loads can be applied, and time passes under them."""
        bench = self.bench
        return bench.load is not None and bench.time is not None and self.declaration.bench.constant_load is None

    def wait(self, seconds: float, *clients: Client) -> None:
        """Let metering time pass, by waiting for real where no bench moves it."""
        if self.bench.time is not None:
            self.let_pass(seconds, *clients)
        elif self.door.is_virtual:
            raise Inconclusive("the declaration names no time bench ([bench] time)", missing="bench")
        else:
            self.trace.recall("wait", lambda: time.sleep(seconds))

    @contextmanager
    def basis(self) -> Iterator[None]:
        """Read what the judgement only stands on: what is wrong there belongs to another clause."""
        try:
            yield
        except (NonConformity, DeviceError) as error:
            raise Inconclusive(f"basis: {error}", missing="device") from error

    def elapsed_s(self) -> float:
        """Return a time in seconds of which differences say how long the device has had."""
        if self.bench.time is not None:
            return self.time.now().timestamp()
        return float(str(self.trace.recall("elapsed", time.monotonic)))

    def expectation(self, *, seconds: Decimal, resolution_wh: Decimal) -> EnergyExpectation:
        """Return what the applied load amounts to in that time, with all uncertainties."""
        return EnergyExpectation(
            power_w=self.applied_w,
            seconds=seconds,
            time_uncertainty_s=Decimal(str(2 * self.time.uncertainty_s + self.declaration.metering.freshness_s)),
            power_uncertainty_percent=Decimal(str(self.load.uncertainty_percent)),
            accuracy_percent=Decimal(str(self.declaration.metering.accuracy_class)),
            resolution_wh=2 * resolution_wh,
        )

    @property
    def response_time_s(self) -> float:
        """Declared response time of the door."""
        return self.door.timing.response_time_s

    @property
    def line_uncertainty_s(self) -> float:
        """How well a response time is known here: the octets' time on the line and our own scheduling."""
        return self.head_end.timing.line_time_s(256) + _TURNAROUND_UNCERTAINTY_S

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
        if invariant.of_answers is uniform_over_doors and len(self.declaration.doors) == 1:
            raise NotApplicable("the device is reached by one interface only", item="doors")
        if "TR-Conf.05b" in invariant.clauses and self.declaration.ciphered_association(self.door) is None:
            raise NotApplicable(f"door {self.door.id} takes no ciphered client", item="associations")
        broken, seen = judge(
            invariant, read_trace(self.trace.path), door=self.door.id, known_answer=self.catalogue.known_answer
        )
        if broken is not None:
            raise self.fail(
                expected=broken.breach.expected,
                observed=f"{broken.breach.observed} (in {broken.key})",
                frame=broken.frame,
            )
        if not seen:
            raise Inconclusive("nothing of this kind has passed this door in this run", missing="device")

    def fail(self, *, expected: str, observed: str, frame: int | None = None) -> NonConformity:
        """Return the finding of this scenario's clause, to be raised."""
        frame = frame or self.trace.last_received
        return NonConformity(clause=self.clause, expected=expected, observed=observed, frame=frame)

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
