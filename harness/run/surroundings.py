"""What surrounds the device in a scenario: time, load, supply and hands, and what follows for expectations."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from harness.bench.base import (
    Bench,
    DevicesBench,
    Disturbance,
    FirmwareBench,
    HandsBench,
    LoadBench,
    PowerBench,
    TimeBench,
)
from harness.checks.energy import EnergyExpectation
from harness.declaration import CosemObject, Declaration, Door
from harness.errors import Inconclusive
from harness.evidence.trace import Trace
from harness.headend.client import Client
from harness.headend.head_end import HeadEnd
from harness.headend.profiles import moment_of
from harness.headend.registers import read_clock
from harness.run.clock_history import ClockHistory
from harness.run.items import ItemMeta

__all__ = ["Surroundings"]

_TURNAROUND_UNCERTAINTY_S = 0.02
"""What the computer's own scheduling adds to a measured response time."""
_READS_AN_IDLE_TIME = 3
_SHORTEST_STEP_S = 0.001
_MOST_APPROACHES = 20
_LARGEST_LEAP_S = 7200


_T = TypeVar("_T")


def _provided(bench: _T | None, missing: str) -> _T:
    """Return a bench that the declaration names; raises ``Inconclusive`` where it names none."""
    if bench is None:
        raise Inconclusive(missing, missing="bench")
    return bench


@dataclass(kw_only=True)
class Surroundings:
    """The part of a scenario's view that benches provide."""

    meta: ItemMeta
    declaration: Declaration
    door: Door
    head_end: HeadEnd
    """At the scenario's door; where that one speaks no DLMS, at the first one that does."""
    bench: Bench
    trace: Trace
    clock_history: ClockHistory
    kinds_of_time: set[str] = field(default_factory=set)
    applied_w: Decimal = Decimal(0)
    """Import power that the scenario has applied."""

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
        return _provided(self.bench.load, "the declaration names no load bench ([bench] load)")

    @property
    def disturbance(self) -> Disturbance:
        """The bench's rougher abilities; raises ``Inconclusive`` where it has none."""
        return _provided(self.bench.disturbance, "no bench can make the device lose its time or its links")

    @property
    def power(self) -> PowerBench:
        """What switches the device's supply; raises ``Inconclusive`` where nobody can."""
        return _provided(self.bench.power, "the declaration names no bench for the device's supply ([bench] power)")

    @property
    def hands(self) -> HandsBench:
        """What handles the seal; raises ``Inconclusive`` where nobody can."""
        return _provided(self.bench.hands, "no bench handles the seal ([bench] hands)")

    @property
    def devices(self) -> DevicesBench:
        """What lets the devices behind a gateway misbehave; raises ``Inconclusive`` where nobody can."""
        return _provided(self.bench.devices, "no bench acts on the devices behind the gateway ([bench] devices)")

    @property
    def firmware(self) -> FirmwareBench:
        """What installs firmware; raises ``Inconclusive`` where nobody can."""
        return _provided(self.bench.firmware, "no bench installs firmware ([bench] firmware)")

    def let_pass(self, seconds: float, *clients: Client) -> None:
        """Let metering time pass while ``clients`` stay associated.

        Where time is real, a device may end an idle link: the clients read something small now and then, and one
        that is lost all the same is associated again. ``Inconclusive`` where that is longer than the lab allows.
        """
        longest_s = max(self.declaration.bench.longest_run_s, self.declaration.bench.longest_wait_s)
        if not self.time_moves_by_hand and seconds > longest_s:
            raise Inconclusive(
                f"{seconds:.0f} s would have to pass; longer than {longest_s:g} s is not waited "
                "([bench] longest_run_s, time)",
                missing="bench",
            )
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

    def span_s(self, wanted_s: float) -> float:
        """Return how long to measure over: as long as wanted, where time is real as long as the lab allows."""
        return wanted_s if self.time_moves_by_hand else min(wanted_s, self.declaration.bench.longest_run_s)

    def metering_now(self, client: Client) -> datetime:
        """Read the device's clock: an instant in UTC, or what it says taken for UTC where it knows no deviation."""
        now = moment_of(read_clock(client, self._clock))
        self.clock_history.shown(now)
        return now

    def unvisited(self, client: Client) -> datetime:
        """Return an instant from which on the device's clock has shown nothing in this run: now, or later.

        A device may do what is due at an instant once only, though its clock is set back and comes there again. Where
        time is waited for, nothing but now can be reached.
        """
        now = self.metering_now(client)
        latest = self.latest_shown(now)
        stepped = hasattr(self.time, "step_before") and not self.meta.clock_judged
        movable = self.time_moves_by_hand or stepped
        return max(now, latest) if movable else now

    def latest_shown(self, now: datetime) -> datetime:
        """Return the latest time that the device's clock has shown in this run, ``now`` included."""
        return datetime.fromisoformat(
            self.trace.recall("latest time of the clock", lambda: self.clock_history.latest(now).isoformat())
        )

    def reach(self, instant: datetime, *clients: Client) -> None:
        """Let the device's time come to an instant, while ``clients`` stay associated; the first reads its clock.

        ``Inconclusive`` where the bench cannot: the instant is too far away to be waited for, and nobody may step the
        clock.
        """
        reader = clients[0]
        left_s = (instant - self.metering_now(reader)).total_seconds()
        stepping = getattr(self.time, "step_before", None)
        longest_s = self.declaration.bench.longest_wait_s
        if not self.time_moves_by_hand and left_s > longest_s:
            if stepping is None or self.meta.clock_judged:
                raise Inconclusive(
                    f"{instant.isoformat()} is {left_s:.0f} s away by the device's clock; "
                    f"longer than {longest_s:g} s is not waited ([bench] longest_wait_s, time)",
                    missing="bench",
                )
            stepping(self, reader, instant)
        for _ in range(_MOST_APPROACHES):
            left_s = (instant - self.metering_now(reader)).total_seconds()
            if left_s <= 0:
                return
            # A clock that shows whole seconds may be up to one behind; one that shows no deviation may leap an hour.
            near_s = left_s - _LARGEST_LEAP_S if left_s > 2 * _LARGEST_LEAP_S else left_s
            self.let_pass(max(near_s, _SHORTEST_STEP_S), *clients)

    @property
    def _clock(self) -> CosemObject:
        return self.declaration.require("clock", clause=self.meta.clause)

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
