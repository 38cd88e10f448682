from datetime import UTC, datetime, time, timedelta

import pytest

from reference_meter.model.clock import Clock
from reference_meter.model.data import Pair, array, enum, integer, long_unsigned, octet_string, structure
from reference_meter.model.date_time import LocalTime
from reference_meter.model.execution_time import ExecutionTime
from reference_meter.model.objects import MANAGING, Attribute, CosemObject, Method
from reference_meter.model.script import EXECUTE, WRITE, ScriptAction, ScriptTable
from reference_meter.model.single_action import SingleActionSchedule
from reference_meter.server.model_port import AccessRefused

RULES = LocalTime()
TABLE = bytes((0, 0, 10, 0, 1, 255))
TARGET = bytes((0, 0, 96, 50, 0, 255))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # the parts are year to minute


@pytest.mark.parametrize(
    ("entry", "after", "expected"),
    [
        (ExecutionTime(at=time(0), day=1), utc(2027, 1, 5), utc(2027, 1, 31, 23)),
        (ExecutionTime(at=time(0), day=0xFE), utc(2028, 2, 5), utc(2028, 2, 28, 23)),
        (ExecutionTime(at=time(0), day=0xFD), utc(2027, 2, 5), utc(2027, 2, 26, 23)),
        (ExecutionTime(at=time(0), day=31), utc(2027, 4, 5), utc(2027, 5, 30, 22)),
        (ExecutionTime(at=time(0), month=2, day=29), utc(2027, 1, 5), utc(2028, 2, 28, 23)),
        (ExecutionTime(at=time(0), month=1, day=1), utc(2027, 1, 5), utc(2027, 12, 31, 23)),
        (ExecutionTime(at=time(0), weekday=1), utc(2027, 1, 5), utc(2027, 1, 10, 23)),
        (ExecutionTime(at=time(2, 30)), utc(2027, 3, 27, 12), utc(2027, 3, 28, 1)),
        (ExecutionTime(at=time(2, 30)), utc(2027, 10, 30, 12), utc(2027, 10, 31, 0, 30)),
        (ExecutionTime(at=time(2, 30)), utc(2027, 10, 31, 0, 30), utc(2027, 11, 1, 1, 30)),
    ],
)
def test_times_come_in_the_local_calendar(entry: ExecutionTime, after: datetime, expected: datetime) -> None:
    assert entry.next_after(after, RULES) == expected
    assert ExecutionTime.from_data(entry.to_data()) == entry


@pytest.mark.parametrize("date", ["FFFF 0D 01 FF", "FFFF 02 1E FF", "07EB 02 1D FF", "FFFF FF 00 FF", "FFFF FF FF 08"])
def test_dates_that_never_come_are_refused(date: str) -> None:
    with pytest.raises(AccessRefused) as refusal:
        ExecutionTime.from_data(structure(octet_string(bytes(4)), octet_string(bytes.fromhex(date))))
    assert refusal.value.result == 250


class Bench:
    """A schedule that executes a script on an object which takes down each call."""

    def __init__(self, *times: ExecutionTime) -> None:
        self.clock = Clock(utc(2027, 1, 5), RULES)
        self.calls: list[datetime] = []
        writable = Attribute(read=lambda: enum(0), readers=MANAGING, write=self.note, writers=MANAGING)
        sealed = Attribute(
            read=lambda: enum(0), readers=MANAGING, write=self.note, writers=MANAGING, locked=lambda: False
        )
        target = CosemObject(
            class_id=1,
            version=0,
            obis=TARGET,
            attributes={2: writable, 3: sealed},
            methods={1: Method(invoke=self.note), 2: Method(invoke=self.note, callers=frozenset())},
        )
        self.table = ScriptTable(TABLE, {1: (action(EXECUTE, 1),)}, {TARGET: target})
        self.schedule = SingleActionSchedule(self.clock, {TABLE: self.table}, script=(TABLE, 1), times=times)

    def note(self, data: Pair | None) -> None:
        self.calls.append(self.clock.now)

    def run_to(self, target: datetime) -> None:
        while self.schedule.due <= target:
            self.clock.now = self.schedule.due
            self.schedule.happen()
        self.clock.now = target

    def set_to(self, target: datetime) -> None:
        before, self.clock.now = self.clock.now, target
        self.schedule.clock_set(before, target, noted=True)
        self.schedule.plan()


def action(service: int, index: int, obis: bytes = TARGET, class_id: int = 1) -> ScriptAction:
    return ScriptAction(service=service, class_id=class_id, obis=obis, index=index, parameter=integer(0))


MIDNIGHT = utc(2027, 1, 31, 23)
MONTHLY = ExecutionTime(at=time(0), day=1)


def test_a_schedule_runs_each_month_once() -> None:
    bench = Bench(MONTHLY)
    bench.run_to(utc(2028, 1, 5))
    assert len(bench.calls) == 12
    assert bench.calls[0] == MIDNIGHT


def test_set_back_over_the_instant_nothing_comes_twice_and_set_forward_it_comes_once() -> None:
    bench = Bench(MONTHLY)
    bench.run_to(MIDNIGHT + timedelta(minutes=1))
    bench.set_to(MIDNIGHT - timedelta(minutes=5))
    bench.run_to(MIDNIGHT + timedelta(minutes=10))
    assert len(bench.calls) == 1
    bench.set_to(utc(2027, 2, 28, 23, 4))
    assert bench.calls[1:] == [utc(2027, 2, 28, 23, 4)]
    bench.set_to(utc(2027, 1, 20))
    bench.run_to(MIDNIGHT)
    assert len(bench.calls) == 3


def test_what_comes_without_power_comes_once_when_it_returns() -> None:
    bench = Bench(MONTHLY)
    bench.clock.now = utc(2027, 4, 5)
    bench.schedule.power_returned(utc(2027, 1, 5))
    bench.schedule.plan()
    assert bench.calls == [utc(2027, 4, 5)]


@pytest.mark.parametrize(
    ("step", "result"),
    [
        (action(WRITE, 3), 3),
        (action(EXECUTE, 2), 3),
        (action(EXECUTE, 9), 3),
        (action(EXECUTE, 1, obis=TABLE), 4),
        (action(EXECUTE, 1, class_id=3), 9),
    ],
)
def test_a_script_reaches_nothing_behind_the_seal_and_nothing_that_is_not_there(
    step: ScriptAction, result: int
) -> None:
    bench = Bench()
    bench.table.scripts[2] = (step,)
    with pytest.raises(AccessRefused) as refusal:
        bench.table.execute(2)
    assert refusal.value.result == result
    assert not bench.calls


def test_scripts_are_written_as_they_are_read_and_refused_ones_leave_the_old() -> None:
    bench = Bench()
    item = bench.table.object(write=lambda read, write: write)
    scripts = item.attributes[2].read()
    item.set("management", 2, None, (1, list(scripts[1])))
    assert item.attributes[2].read() == scripts
    with pytest.raises(AccessRefused):
        item.set("management", 2, None, array([structure(long_unsigned(1), array([structure(enum(3))]))]))
    assert item.attributes[2].read() == scripts
    item.action("management", 1, long_unsigned(1))
    assert len(bench.calls) == 1
    for parameter in (None, integer(1), long_unsigned(7)):
        with pytest.raises(AccessRefused):
            item.action("management", 1, parameter)
