"""The run itself: what all its scenarios share, and the hand-over of results to the run folder."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from harness.bench.base import Bench, BenchContext
from harness.bench.computer_clock import TRUSTED_UNCERTAINTY_S, ComputerClock, measure_clock
from harness.bench.control import ControlSocket
from harness.bench.names import bench_named
from harness.catalogue import Catalogue
from harness.checks.invariants import INVARIANTS, Traffic
from harness.declaration import Declaration, Door
from harness.evidence.trace import Trace, read_trace
from harness.headend.desk_faults import faulty_desk
from harness.headend.door_side import PlacedAt
from harness.headend.head_end import HeadEnd, timing_of
from harness.headend.restoring.key_ring import KeyRing, device_of
from harness.keys import Journal, KeyStore
from harness.run.budget import FailureBudget
from harness.run.clock_history import ClockHistory
from harness.run.items import SELF_DOOR, ItemMeta
from harness.run.life_log import LifeLog
from harness.run.sides import SIDES
from harness.run.trial import Trial
from harness.session import DoorTiming
from harness.transport.base import Transport
from harness.transport.loop_device import LoopMaker
from harness.transport.loop_world import LoopWorld
from harness.transport.replay import ReplayTransport
from harness.transport.replay_run import ReplayRun
from harness.transport.urls import TransportFactory
from harness.verdict import ScenarioResult

__all__ = ["Run"]


@dataclass(kw_only=True)
class Run:
    """One device under judgement; ``keep`` takes each result as soon as it is known."""

    declaration: Declaration
    catalogue: Catalogue
    trace_path: Path
    keep: Callable[[ScenarioResult], None]
    desk_fault: str | None = None
    """Name of the fault planted in the head end, when its self-checks are proved."""
    loop_overrides: Mapping[str, str] = field(default_factory=dict)
    loop_makers: Mapping[str, LoopMaker] = field(default_factory=dict)
    """Loop devices by name, beside those of the entry points."""
    replayed: ReplayRun | None = None
    state: Path | None = None
    """Folder of keys and changes that outlive the run; None for a device that does not outlive it."""
    life_path: Path | None = None
    """Where it is kept what was done so that the device answers; None for nowhere but the trace."""
    results: list[ScenarioResult] = field(default_factory=list)
    stopped: str | None = None
    """Why the run ended before its last scenario."""
    residue: Mapping[str, Any] | None = None
    """What it has left in the device, once that is known."""

    def __post_init__(self) -> None:
        self.world = LoopWorld(self.loop_overrides, self.loop_makers)
        self.trace = Trace(self.trace_path, recorded=self.replayed)
        self.transports = _Recording(self.replayed) if self.replayed else TransportFactory(self.world)
        self._temporary = None if self.state else TemporaryDirectory(prefix="conformeter-")
        state = self.state or Path(self._temporary.name if self._temporary else "")
        device = device_of(self.declaration)
        self.keys = KeyRing(KeyStore(state), device)
        self.journal = Journal(state, device)
        self.life_log = LifeLog(self.declaration, self.trace, self.life_path, secrets=self._all_secrets)
        self.budget = FailureBudget(self.declaration.security)
        self.computer_clock = ComputerClock(source="unknown", offset_s=None, uncertainty_s=TRUSTED_UNCERTAINTY_S)
        self._timings: dict[str, DoorTiming] = {}
        self._clock_histories: dict[bool, ClockHistory] = {}
        self._benches: dict[str, Bench] = {}
        self._traffic: Traffic | None = None
        self._control_sockets: list[ControlSocket] = []
        self._controls = ExitStack()

    def close(self) -> None:
        """Close what the run holds open."""
        self._controls.close()
        self.trace.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def measure_clock(self, when: str) -> ComputerClock:
        """Measure the computer's clock at the ``start`` or the ``end`` of the run, and keep what it is worth."""
        self.trace.begin(f"run:{when}")
        server = self.declaration.lab.ntp_server
        measured = self.trace.recall("computer clock", lambda: measure_clock(server).to_json())
        self.computer_clock = ComputerClock(**measured)
        return self.computer_clock

    def trial(self, meta: ItemMeta) -> Trial:
        """Begin one scenario: its own head end, with what the run knows about the door."""
        self.trace.begin(meta.key)
        door = self.door(meta.door)
        head_end = self.head_end(self._dlms_door(door), clause=meta.clause)
        return Trial(
            meta=meta,
            declaration=self.declaration,
            catalogue=self.catalogue,
            door=door,
            head_end=head_end,
            door_side=head_end if door.speaks_dlms else SIDES[door.protocol](self.place(door, meta.clause)),
            bench=self.bench(door),
            desk=faulty_desk(self.desk_fault),
            trace=self.trace,
            clock_history=self._clock_history(door),
            journal=self.journal,
            traffic=self.traffic,
            budget=self.budget,
            life_log=self.life_log,
            neighbour=lambda other: self.head_end(other, clause=meta.clause),
            side_at=lambda other: SIDES[other.protocol](self.place(other, meta.clause)),
        )

    def traffic(self) -> Traffic:
        """Judge what the doors have carried up to the first call; invariants come last, so that is all of it."""
        if self._traffic is None:
            self._traffic = Traffic(INVARIANTS, self.catalogue.known_answer)
            for record in read_trace(self.trace.path):
                self._traffic.take(record)
        return self._traffic

    def head_end(self, door: Door, *, clause: str) -> HeadEnd:
        """Return a head end at a door, with what the run knows about it; findings name ``clause``."""
        return HeadEnd(
            declaration=self.declaration,
            door=door,
            transports=self.transports,
            trace=self.trace,
            timing=self._timings.setdefault(door.id, timing_of(door)),
            clause=clause,
            rest_for=self._rest_for(door),
            keys=self.keys,
            let_in=self.budget.succeeded,
            ladder=self.life_log,
        )

    def _clock_history(self, door: Door) -> ClockHistory:
        """Doors in this process and doors of the lab lead to two devices."""
        return self._clock_histories.setdefault(door.is_virtual, ClockHistory())

    def place(self, door: Door, clause: str) -> PlacedAt:
        """Return what is needed to stand at a door of any protocol; findings name ``clause``."""
        return PlacedAt(
            declaration=self.declaration,
            door=door,
            transports=self.transports,
            trace=self.trace,
            timing=self._timings.setdefault(door.id, timing_of(door)),
            clause=clause,
            rest_for=self._rest_for(door),
        )

    def _rest_for(self, door: Door) -> Callable[[float], None]:
        return _no_rest if self.replayed or door.is_virtual else time.sleep

    def _dlms_door(self, door: Door) -> Door:
        """Where the head end stands while ``door`` is judged: there, or at the first door that speaks DLMS.

        Doors in this process and doors of the lab lead to two devices of one kind: those of the same device come first.
        """
        if door.speaks_dlms:
            return door
        doors = sorted(self.declaration.dlms_doors, key=lambda one: one.is_virtual is not door.is_virtual)
        return next(iter(doors), door)

    def door(self, door_id: str) -> Door:
        """Return the declared door; a self-check uses the first one's settings and never opens it."""
        for door in self.declaration.doors:
            if door_id in (door.id, SELF_DOOR):
                return door
        raise ValueError(f"no door {door_id}")

    def bench(self, door: Door) -> Bench:
        """Return what surrounds the device at this door."""
        if door.id not in self._benches:
            self._benches[door.id] = self._make_bench(door)
        return self._benches[door.id]

    def _make_bench(self, door: Door) -> Bench:
        declared = self.declaration.bench
        context = BenchContext(
            control=self._control(door),
            constant_load=declared.constant_load_w,
            recall=self.trace.recall,
            clock_uncertainty_s=self.computer_clock.uncertainty_s,
            lead_s=declared.lead_s,
            commands={str(name): words for name, words in declared.commands.items()},
            command_timeout_s=declared.command_timeout_s,
            person=self.declaration.lab.operator,
        )
        made: dict[str | None, Any] = {None: None}
        for name in (
            declared.time,
            declared.load,
            declared.disturbance,
            declared.power,
            declared.hands,
            declared.devices,
            declared.firmware,
        ):
            if name not in made:
                made[name] = bench_named(name, replace(context, settings=declared.settings.get(name or "", {})))
        return Bench(
            time=made[declared.time],
            load=made[declared.load],
            disturbance=made[declared.disturbance],
            power=made[declared.power],
            hands=made[declared.hands],
            devices=made[declared.devices],
            firmware=made[declared.firmware],
        )

    def _control(self, door: Door) -> Callable[[dict[str, object]], dict[str, object]] | None:
        if self.replayed is not None:
            return _refuse
        if urlsplit(door.url).scheme.split("+")[-1] == "loop":
            return self.world.device_for(door.url).control
        if self.declaration.bench.control is not None:
            control = self._controls.enter_context(ControlSocket(self.declaration.bench.control))
            self._control_sockets.append(control)
            return control
        return None

    def reconnect_benches(self) -> None:
        """Have benches connect anew: whoever was there before may have been restarted with the device."""
        for control in self._control_sockets:
            control.close()

    def _all_secrets(self) -> tuple[bytes, ...]:
        return (*(secret.reveal() for _, secret in self.declaration.secrets()), *self.keys.secrets)

    def record(self, result: ScenarioResult) -> None:
        """Keep one result, on disk before anything else happens."""
        self.results.append(result)
        self.trace.note("verdict", {"verdict": result.verdict, "reason": result.reason, "wall": time.time()})
        self.keep(result)


class _Recording(TransportFactory):
    """Every door leads into a recorded run, whatever its URL says."""

    def __init__(self, recorded: ReplayRun) -> None:
        super().__init__(replay=recorded)
        self._recorded = recorded

    def open(
        self, url: str, *, door_id: str, protocol: str, connect_timeout_s: float, key: str, link: int
    ) -> Transport:
        """Give the recorded connection back."""
        name = f"replay of {key}, door {door_id}, connection {link}"
        return ReplayTransport(self._recorded.connection(key, door_id, link), name=name)


def _no_rest(seconds: float) -> None:
    """A recorded or virtual line needs no rest."""


def _refuse(request: dict[str, object]) -> dict[str, object]:
    raise ValueError(f"a replayed run asked its bench for {request}")
