"""Letting the device's time come to an instant: moved, waited for, stepped or refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.errors import Inconclusive
from harness.headend.client import Client
from harness.run.clock_history import ClockHistory
from harness.run.surroundings import Surroundings

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
CLIENT = cast("Client", object())


class Device(Surroundings):
    """Surroundings whose device shows whole seconds of a clock that only the bench moves."""

    def __init__(
        self, kind: str, *, clock_judged: bool = False, step_before: Callable[..., None] | None = None
    ) -> None:
        self.clock = START + timedelta(milliseconds=700)
        self.waited_s: list[float] = []
        bench = (
            SimpleNamespace(kind=kind) if step_before is None else SimpleNamespace(kind=kind, step_before=step_before)
        )
        self.bench = cast("Any", SimpleNamespace(time=bench))
        self.declaration = cast("Any", SimpleNamespace(bench=SimpleNamespace(longest_wait_s=900.0)))
        self.meta = cast("Any", SimpleNamespace(clock_judged=clock_judged))
        self.kinds_of_time = set()
        self.clock_history = ClockHistory()
        self.trace = cast("Any", SimpleNamespace(recall=lambda name, produce: produce()))

    def metering_now(self, client: Client) -> datetime:
        return self.clock.replace(microsecond=0)

    def let_pass(self, seconds: float, *clients: Client) -> None:
        self.waited_s.append(seconds)
        self.clock += timedelta(seconds=seconds)


def test_virtual_time_moves_however_far_it_is() -> None:
    device = Device("virtual")
    device.reach(START + timedelta(days=365), CLIENT)
    assert device.clock >= START + timedelta(days=365)
    assert device.clock < START + timedelta(days=365, seconds=1)


def test_what_has_come_is_not_waited_for() -> None:
    device = Device("real")
    device.reach(START, CLIENT)
    assert device.waited_s == []


def test_real_time_is_waited_for_up_to_the_declared_limit() -> None:
    device = Device("real")
    device.reach(START + timedelta(seconds=900), CLIENT)
    assert sum(device.waited_s) == 900
    with pytest.raises(Inconclusive, match=r"3600 s away.*longest_wait_s") as found:
        device.reach(device.metering_now(CLIENT) + timedelta(hours=1), CLIENT)
    assert found.value.missing == "bench"


def test_a_bench_that_steps_the_clock_is_asked_where_waiting_is_too_long() -> None:
    def step_before(device: Device, client: Client, instant: datetime) -> None:
        device.clock = instant - timedelta(seconds=20)

    device = Device("accelerated", step_before=step_before)
    device.reach(START + timedelta(days=30), CLIENT)
    assert sum(device.waited_s) == 20


def test_nobody_steps_a_clock_that_is_judged() -> None:
    device = Device("accelerated", clock_judged=True, step_before=lambda *_: None)
    with pytest.raises(Inconclusive, match="away by the device's clock"):
        device.reach(START + timedelta(days=30), CLIENT)


@pytest.mark.parametrize(("kind", "later"), [("virtual", True), ("real", False)])
def test_what_the_clock_has_shown_before_it_was_set_back_is_not_visited_again(kind: str, later: bool) -> None:
    device = Device(kind)
    device.clock_history.shown(START + timedelta(days=40))
    device.clock_history.shown(START + timedelta(days=3))
    assert device.unvisited(CLIENT) == (START + timedelta(days=40) if later else START)


class Waiting(Surroundings):
    """Surroundings of which only the passing of time is asked."""

    def __init__(self, kind: str) -> None:
        self.passed_s: list[float] = []
        self.bench = cast("Any", SimpleNamespace(time=SimpleNamespace(kind=kind, advance=self.passed_s.append)))
        self.declaration = cast("Any", SimpleNamespace(bench=SimpleNamespace(longest_wait_s=900.0, longest_run_s=7200)))
        self.head_end = cast("Any", SimpleNamespace(timing=SimpleNamespace(inactivity_timeout_s=0)))
        self.kinds_of_time = set()


def test_real_time_passes_no_longer_at_once_than_the_lab_allows() -> None:
    surroundings = Waiting("real")
    assert (surroundings.span_s(300), surroundings.span_s(86_400)) == (300, 7200)
    surroundings.let_pass(surroundings.span_s(86_400))
    with pytest.raises(Inconclusive, match=r"86400 s .*longest_run_s") as found:
        surroundings.let_pass(86_400)
    assert found.value.missing == "bench"
    assert surroundings.passed_s == [7200]


def test_virtual_time_passes_as_long_as_is_asked() -> None:
    surroundings = Waiting("virtual")
    surroundings.let_pass(surroundings.span_s(86_400))
    assert surroundings.passed_s == [86_400]
