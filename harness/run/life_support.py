"""Keeps a run going over a device that goes away: probes, recovery, the identity of what comes back, and the end."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from harness.errors import (
    BenchError,
    ConformeterError,
    DeviceError,
    Inconclusive,
    LabError,
    NonConformity,
    NotApplicable,
    NotRun,
    Refused,
    ReplayDifference,
    ReviewNeeded,
)
from harness.headend.identification import another_device, names_serial, read_identity
from harness.headend.judged import DeviceLost
from harness.headend.ladder import rests_within
from harness.run.reachability import nobody_answers, reach_doors
from harness.run.restore import undo_open_changes
from harness.run.run import Run
from harness.run.trial import Trial
from harness.verdict import ScenarioResult, Verdict

__all__ = ["AnotherDevice", "LifeSupport"]

_JUDGED: Final = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.REVIEW})


class AnotherDevice(LabError):
    """What answers is not the device that the run began with."""


class LifeSupport:
    """Stands between the scenarios of ``run``; ``tell`` shows a line to whoever watches."""

    def __init__(self, run: Run, tell: Callable[[str], None]) -> None:
        self.identities: dict[str, dict[str, str]] = {}
        """What the device says of itself, by door and role."""
        self._run = run
        self._tell = tell
        self._log = run.life_log
        self._away: dict[str, str] = {}
        """Doors at which the device was not brought back, and since when."""
        self._heard: dict[str, float] = {}
        """When a scenario at a door last ended well, in seconds of the computer's steady clock."""
        self._rungs = 0
        self._recovered = False
        self._unfinished: list[str] = []

    # The run as a whole

    def begin(self, doors: Sequence[str], known: Mapping[str, Mapping[str, str]]) -> None:
        """Reach the device at the doors by id; where it is not there, or another one than ``known``, the run stops."""
        if not doors:
            return
        serial = self._run.declaration.identity.serial
        found = reach_doors(self._run, doors, self._tell)
        for door, one in found.items():
            self._log.keep("start", door=door, alive=one.alive, why=one.why, identity=one.identity)
            if one.identity:
                self.identities[door] = one.identity
            if not one.is_there:
                self._away[door] = f"the device has not answered at door {door} since the run began ({one.why})"
            if self._run.door(door).through is None and not names_serial(one.identity, serial):
                doubt = f"the device at door {door} says it is {one.identity}; the declaration says serial {serial!r}"
                self._log.keep("doubt", door=door, why=doubt)
                self._tell(f"is it the right device? {doubt}")
            if other := another_device(known.get(door, {}), one.identity):
                self._stop(f"another device answers at door {door} than in the earlier part of the run: {other}")
        if nobody := nobody_answers(self._run, found):
            self._stop(nobody)

    def end(self) -> None:
        """Make sure that it is still the same device."""
        for door, before in self.identities.items():
            if self._run.stopped is None and door not in self._away:
                self._confirm(door, before)

    def _confirm(self, door: str, before: Mapping[str, str]) -> None:
        self._run.trace.begin("run:identity")
        head_end = self._run.head_end(self._run.door(door), clause="run:identity")
        try:
            now = self._run.trace.recall(f"identity at {door}", lambda: read_identity(head_end, before))
        except ReplayDifference:
            return
        except ConformeterError as error:
            self._stop(f"the device cannot be asked who it is at the end of the run: {error}")
            return
        finally:
            head_end.close_all()
        self._log.keep("end", door=door, identity=now)
        if other := another_device(before, now):
            self._stop(f"another device answers at door {door} at the end of the run: {other}")

    def _stop(self, why: str) -> None:
        self._log.keep("stop", why=why)
        self._run.stopped = self._run.stopped or why

    # Scenarios

    def before(self, trial: Trial) -> None:
        """Begin a scenario; ``NotRun`` where the device is away, ``AnotherDevice`` where another one answers."""
        self._rungs, self._recovered = self._log.rungs, False
        door = trial.door.id
        if not trial.meta.needs_device:
            return
        if door in self._away:
            if not self._answers(trial):
                raise NotRun(f"{self._away[door]}; now: {trial.door_side.last_failure}")
            self._log.keep("back", door=door, why="by itself")
        elif not self._is_overdue(trial) or self._answers(trial):
            return
        elif not self._lives(trial):
            self._away[door] = f"the device fell silent before {trial.meta.key} ({trial.door_side.last_failure})"
            raise NotRun(self._away[door])
        self._back(trial, None)

    def after(self, trial: Trial, error: BaseException | None, gone: str | None) -> BaseException | None:
        """Bring the device back where the scenario that ended with ``error`` has left it down or in doubt.

        ``gone``: why the ladder is known to have failed. Returns what the scenario ends with: ``error``, or
        ``AnotherDevice``, for whatever was observed may be that of another one.
        """
        door = trial.door.id
        if not trial.meta.needs_device or isinstance(error, NotRun | AnotherDevice):
            return error
        climbed = self._log.rungs > self._rungs
        if gone is None and not climbed and not _leaves_doubt(error):
            self._heard[door] = time.monotonic()
            return error
        if not (self._lives(trial) if gone is None else self._comes_back_by_power(trial)):
            self._away[door] = f"the device is away since {trial.meta.key} ({gone or trial.door_side.last_failure})"
            self._log.keep("away", door=door, why=self._away[door])
            return error
        try:
            self._back(trial, error)
        except AnotherDevice as other:
            return other
        return error

    def settled(self, result: ScenarioResult, error: BaseException | None) -> None:
        """Count what remained without a verdict, and undo what a scenario could not undo while the device was down."""
        if self._recovered and self._run.journal.open_changes():
            undo_open_changes(self._run, self._tell, key=f"life:{result.key}")
        if _is_unfinished(error):
            self._unfinished.append(result.key)
        elif result.verdict in _JUDGED:
            self._unfinished.clear()
        limit = self._run.declaration.lab.stop_after_unfinished
        if len(self._unfinished) >= limit and self._run.stopped is None:
            self._stop(
                f"the device or the line kept {limit} scenarios in a row from their verdicts, which is as many as "
                f"lab.stop_after_unfinished allows, from {self._unfinished[0]} on; the last one: {result.reason}"
            )

    # The device

    def _is_overdue(self, trial: Trial) -> bool:
        """Whether nothing has come for longer than the device keeps an idle connection; then it is looked after."""
        trace = self._run.trace
        if trace.is_replaying:
            try:
                return trace.recall("overdue", lambda: False)
            except ReplayDifference:
                return False
        heard = self._heard.get(trial.door.id)
        idle_s = trial.door.timing.inactivity_timeout_s
        if heard is None or trial.door.is_virtual or not trial.door.speaks_dlms or time.monotonic() - heard <= idle_s:
            return False
        return trace.recall("overdue", lambda: True)

    def _answers(self, trial: Trial) -> bool:
        """Whether one good exchange succeeds; the line's own trouble is none."""
        try:
            return trial.door_side.answers()
        except ReplayDifference:
            return True  # recorded before anybody asked
        except ConformeterError:
            return False
        finally:
            trial.door_side.close_all()

    def _lives(self, trial: Trial) -> bool:
        if self._answers(trial):
            return True
        try:
            return trial.door_side.recover() or self._comes_back_by_power(trial)
        except ConformeterError:
            return False

    def _comes_back_by_power(self, trial: Trial) -> bool:
        """Whether switching the supply brings it back at a door where the ladder has no such rung."""
        if trial.door_side is trial.head_end:
            return False
        allowed_s = self._log.cycle_power(trial.door.id)
        if allowed_s is None:
            return False
        for rest_s in rests_within(allowed_s):
            trial.head_end.let_pass(rest_s)
            if self._answers(trial):
                return True
        return False

    def _back(self, trial: Trial, error: BaseException | None) -> None:
        """Take note of a device that answers again; ``AnotherDevice`` where it is not the same."""
        door = trial.door.id
        self._away.pop(door, None)
        self._recovered = True
        self._heard[door] = time.monotonic()
        self._run.reconnect_benches()
        before = self.identities.get(door)
        if before is None or trial.door_side is not trial.head_end:
            return
        try:
            now = read_identity(trial.head_end, before)
        except ConformeterError as unread:
            self._log.keep("identity", door=door, identity={}, why=str(unread))
            return
        finally:
            trial.head_end.close_all()
        self._log.keep("identity", door=door, identity=now, why="")
        if other := another_device(before, now):
            ended = f"; the scenario had ended with: {error}" if error is not None else ""
            self._stop(f"another device answers at door {door}: {other}")
            raise AnotherDevice(f"another device answers at door {door}: {other}{ended}")


def _leaves_doubt(error: BaseException | None) -> bool:
    """Whether nobody knows that the device lives, after a scenario that ended so."""
    chain: BaseException | None = error
    while chain is not None:
        if isinstance(chain, DeviceError | LabError) and not isinstance(chain, Refused | ReplayDifference):
            return True
        chain = chain.__cause__
    if isinstance(error, Inconclusive):
        return error.missing == "line" or isinstance(error, DeviceLost)
    return error is not None and not isinstance(
        error, NonConformity | NotApplicable | ReviewNeeded | DeviceError | LabError
    )


def _is_unfinished(error: BaseException | None) -> bool:
    """Whether the device or the line has kept a scenario from its verdict."""
    if isinstance(error, Inconclusive):
        return error.missing == "line" or isinstance(error, DeviceLost | NotRun)
    return isinstance(error, LabError) and not isinstance(error, BenchError | ReplayDifference)
