"""Meters behind the meter: shown otherwise than they are, told otherwise than they should be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.mbus.client import MBusClient
from reference_meter.mbus.contents import TOTAL
from reference_meter.meter import Meter
from reference_meter.model.child import ChildObjects
from reference_meter.model.data import Pair
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import ALL, MANAGING

__all__ = ["FAMILIES", "child_client", "unrecorded"]

_CLIENT_ATTRIBUTES = {"identification": 6, "manufacturer": 7, "version": 8, "type": 9}
_VALUE = 2


def child_client(meter: Meter) -> MBusClient:
    """What shows the meter behind; ValueError where there is none."""
    client = meter.model.parts.mbus_client
    if client is None:
        raise ValueError("nothing is behind this meter")
    return client


def _child(meter: Meter) -> ChildObjects:
    child = meter.model.parts.child
    if child is None:
        raise ValueError("nothing is behind this meter")
    return child


def _after_capture(meter: Meter, change: Callable[[MBusClient], None]) -> None:
    """Have something done to what was fetched."""
    client = child_client(meter)

    def capture(original: Callable[[], None]) -> None:
        original()
        change(client)
        meter.fire()

    wrap(client, "capture", capture)


@deviation("child-value-kept", "TR-Conf.08a", about="Fetching gives the value of the last hour with the time of now.")
def value_kept(meter: Meter, rng: Random) -> None:
    """No parameter: what is fetched on request is only stamped."""
    client = child_client(meter)

    def act(original: Callable[[int], None], method: int) -> None:
        kept = client.registers
        original(method)
        if client.registers != kept:
            client.registers = kept
            meter.fire()

    wrap(_child(meter), "act", act)


@deviation("child-value-scaled", "SU3.step2", about="The register of a meter behind has lost or gained a digit.")
def value_scaled(meter: Meter, rng: Random) -> None:
    """Draw which."""
    factor, divisor = rng.choice(((10, 1), (1, 10), (1, 1000)))

    def change(client: MBusClient) -> None:
        client.registers = {TOTAL: client.registers[TOTAL] * factor // divisor}

    _after_capture(meter, change)


@deviation("child-of-another-name", "SU3.step2", about="The client shows another meter than the one that it asks.")
def of_another_name(meter: Meter, rng: Random) -> None:
    """Draw by which attribute it differs."""
    number = _CLIENT_ATTRIBUTES[rng.choice(sorted(_CLIENT_ATTRIBUTES))]
    shown = meter.model.objects[meter.configuration.instances.mbus_client]
    right = shown.attributes[number]

    def read() -> Pair:
        tag, value = right.read()
        meter.fire()
        return tag, value ^ 1

    shown.attributes[number] = replace(right, read=read)


@deviation("child-capture-time-wrong", "SU3.step2", about="The register bears another time than that of its capture.")
def capture_time_wrong(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    late = timedelta(seconds=rng.choice((-3600, 60, 7200)))

    def change(client: MBusClient) -> None:
        client.captured_at += late

    _after_capture(meter, change)


@deviation("child-register-writable", "TR-Conf.01a", about="The register of a meter behind can be written.")
def register_writable(meter: Meter, rng: Random) -> None:
    """No parameter."""
    client = child_client(meter)
    register = meter.model.objects[meter.configuration.instances.child_value]

    def write(data: Pair) -> None:
        client.registers = {TOTAL: data[1]}
        meter.fire()

    register.attributes[_VALUE] = replace(register.attributes[_VALUE], write=write, writers=MANAGING)


@deviation("child-status-lost", "TR-Conf.04a", about="The status of a meter behind is not taken over.")
def status_lost(meter: Meter, rng: Random) -> None:
    """Draw what is shown instead."""
    shown = rng.choice((0x00, 0x04))

    def change(client: MBusClient) -> None:
        client.status = shown

    _after_capture(meter, change)


@deviation("child-alarm-lost", "TR-Conf.04a", about="An alarm of a meter behind is not shown.")
def alarm_lost(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(client: MBusClient) -> None:
        client.alarm = 0

    _after_capture(meter, change)


def unrecorded(meter: Meter, role: EventRole) -> None:
    """Have one event leave no entry."""
    logs = meter.model.parts.logs

    def record(original: Callable[[EventRole], None], event: EventRole) -> None:
        if event == role:
            meter.fire()
            return
        original(event)

    wrap(logs, "record", record)


@deviation("child-alarm-unlogged", "TR-Conf.04a", about="An alarm of a meter behind leaves no entry.")
def alarm_unlogged(meter: Meter, rng: Random) -> None:
    """No parameter."""
    unrecorded(meter, "child_alarm")


@deviation("child-alarm-logged-again", "TR-Conf.04a", about="An alarm that stands leaves an entry at each capture.")
def alarm_logged_again(meter: Meter, rng: Random) -> None:
    """No parameter."""
    client = child_client(meter)

    def hear(original: Callable[[int], None], raised: int) -> None:
        original(0)
        original(raised)
        if raised:
            meter.fire()

    wrap(client, "hear", hear)


@deviation("child-clock-unset", "MF.6", about="Setting the clock of a meter behind does nothing.")
def clock_unset(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def set_clock(original: Callable[[datetime], None], local: datetime) -> None:
        meter.fire()

    wrap(child_client(meter), "set_clock", set_clock)


@deviation("child-clock-set-wrong", "MF.6", about="The clock of a meter behind is set to UTC, or to another time.")
def clock_set_wrong(meter: Meter, rng: Random) -> None:
    """Draw by how much; an hour back is UTC in winter."""
    by = timedelta(minutes=rng.choice((-60, -60, 30, 1440)))

    def set_clock(original: Callable[[datetime], None], local: datetime) -> None:
        original(local + by)
        meter.fire()

    wrap(child_client(meter), "set_clock", set_clock)


@deviation("child-clock-unlogged", "MF.6", about="Setting the clock of a meter behind leaves no entry.")
def clock_unlogged(meter: Meter, rng: Random) -> None:
    """No parameter."""
    unrecorded(meter, "child_clock_adjusted")


@deviation("child-clock-set-by-anybody", "MF.6", about="Any client may have the clock of a meter behind set.")
def clock_set_by_anybody(meter: Meter, rng: Random) -> None:
    """No parameter."""
    shown = meter.model.objects[meter.configuration.instances.mbus_client]
    method = shown.methods[5]

    def invoke(parameter: Pair | None) -> None:
        method.invoke(parameter)
        meter.fire()

    shown.methods[5] = replace(method, invoke=invoke, callers=ALL)


@deviation("child-capture-adds-row", "TR-Conf.08b", about="Each capture on request adds a row to the profile.")
def capture_adds_row(meter: Meter, rng: Random) -> None:
    """No parameter."""
    child = _child(meter)

    def act(original: Callable[[int], None], method: int) -> None:
        original(method)
        if method == 3:
            child.capture.capture_row()
            meter.fire()

    wrap(child, "act", act)


FAMILIES = (
    value_kept,
    value_scaled,
    of_another_name,
    capture_time_wrong,
    register_writable,
    status_lost,
    alarm_lost,
    alarm_unlogged,
    alarm_logged_again,
    clock_unset,
    clock_set_wrong,
    clock_unlogged,
    clock_set_by_anybody,
    capture_adds_row,
)
