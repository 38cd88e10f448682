"""TR-Conf.12: shift times that go wrong when a clock is set or lost, power returns, or a table does not fit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.codec.request import SET_REQUEST
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.overwriting import BLOCKS, take_path
from reference_meter.meter import Meter
from reference_meter.model.data import Pair
from reference_meter.model.tariff.shift_times import Calendar
from reference_meter.server.association import Association
from reference_meter.server.model_port import AccessRefused

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.12a"
_ANY_YEAR = b"\xff\xff"
_DAYS, _TIME = 9, 10
_FIRST_BLOCK = 2


@deviation("activation-lost-when-clock-is-set", _CLAUSE, about="A clock set over the designated time loses it.")
def activation_lost_when_clock_is_set(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar = meter.model.metering.calendar

    def clock_set(original: Callable[..., None], before: datetime, after: datetime, *, noted: bool) -> None:
        if calendar.pending is not None and before < calendar.pending <= after:
            calendar.pending = None
            meter.fire()
        original(before, after, noted=noted)

    wrap(calendar, "clock_set", clock_set)


@deviation("clock-set-back-undoes-activation", _CLAUSE, about="A clock set back over an activation undoes it.")
def clock_set_back_undoes_activation(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar, metering = meter.model.metering.calendar, meter.model.metering
    replaced: list[tuple[datetime, Calendar]] = []

    def activate(original: Callable[[], None]) -> None:
        before = calendar.active
        original()
        if calendar.active != before:
            replaced[:] = [(metering.now, before)]

    def clock_set(original: Callable[..., None], before: datetime, after: datetime, *, noted: bool) -> None:
        if replaced and after < replaced[0][0] <= before:
            calendar.active = replaced.pop()[1]
            meter.fire()
        original(before, after, noted=noted)

    wrap(calendar, "activate", activate)
    wrap(calendar, "clock_set", clock_set)


@deviation("shift-missed-when-clock-is-set", _CLAUSE, about="A clock set over a shift leaves the tariff of before it.")
def shift_missed_when_clock_is_set(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    metering = meter.model.metering

    def set_time(original: Callable[[datetime], None], instant: datetime) -> None:
        rate = metering.energy.active_rate
        original(instant)
        if metering.energy.active_rate != rate:
            metering.energy.active_rate = rate
            meter.fire()

    wrap(metering, "set_time", set_time)


@deviation("tariff-kept-without-time", _CLAUSE, about="Without a valid time the tariff of before stays in force.")
def tariff_kept_without_time(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar, metering = meter.model.metering.calendar, meter.model.metering

    def plan(original: Callable[[], None]) -> None:
        rate = metering.energy.active_rate
        original()
        if metering.clock.invalid and metering.energy.active_rate != rate:
            metering.energy.active_rate = rate
            meter.fire()

    wrap(calendar, "plan", plan)


def _around_write(meter: Meter, attribute: int, around: Callable[[Callable[[Pair], None], Pair], None]) -> None:
    """Put ``around`` in the place of a write of the calendar; it is called with the write and the value."""
    item = meter.model.objects[meter.model.configuration.instances.activity_calendar]
    written = item.attributes[attribute].write
    if written is None:
        raise ValueError(f"attribute {attribute} of this meter's calendar cannot be written")
    item.attributes[attribute] = replace(item.attributes[attribute], write=lambda data: around(written, data))


@deviation("wildcard-year-acts-at-once", _CLAUSE, about="A designated time without a year activates at once.")
def wildcard_year_acts_at_once(meter: Meter, rng: Random) -> None:
    """Draw whether it is refused all the same."""
    calendar, refuses = meter.model.metering.calendar, rng.choice((True, False))

    def write(original: Callable[[Pair], None], data: Pair) -> None:
        if data[1][:2] != _ANY_YEAR or set(data[1][:8]) == {0xFF}:
            original(data)
            return
        calendar.activate()
        calendar.plan()
        meter.fire()
        if refuses:
            original(data)

    _around_write(meter, _TIME, write)


@deviation("surplus-shifts-dropped", _CLAUSE, about="A day with more shifts than it holds is taken, and some are lost.")
def surplus_shifts_dropped(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar = meter.model.metering.calendar
    most = calendar.capacity.switches

    def write(original: Callable[[Pair], None], data: Pair) -> None:
        try:
            original(data)
        except AccessRefused:
            calendar.capacity = replace(calendar.capacity, switches=0x7F)
            original(data)
            days = tuple(replace(day, shifts=day.shifts[:most]) for day in calendar.passive.days)
            calendar.passive = replace(calendar.passive, days=days)
            meter.fire()
        finally:
            calendar.capacity = replace(calendar.capacity, switches=most)

    _around_write(meter, _DAYS, write)


@deviation("activation-at-each-power-up", _CLAUSE, about="With each power-up the passive shift times come into force.")
def activation_at_each_power_up(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar = meter.model.metering.calendar

    def power_returned(original: Callable[[datetime], None], lost_at: datetime) -> None:
        if calendar.passive != calendar.active and calendar.passive.is_consistent():
            calendar.active = calendar.passive
            meter.fire()
        original(lost_at)

    wrap(calendar, "power_returned", power_returned)


@deviation("days-in-blocks-not-stored", _CLAUSE, about="Days that come in blocks are acknowledged and not stored.")
def days_in_blocks_not_stored(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    path, calendar = take_path(meter), meter.model.metering.calendar

    def write(original: Callable[[Pair], None], data: Pair) -> None:
        before = calendar.passive
        original(data)
        if path() == BLOCKS and calendar.passive != before:
            calendar.passive = before
            meter.fire()

    _around_write(meter, _DAYS, write)


@deviation("first-block-spoils-days", _CLAUSE, about="With the first block of new days those of before are gone.")
def first_block_spoils_days(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar = meter.model.metering.calendar
    attribute = meter.model.configuration.instances.activity_calendar + bytes((_DAYS,))

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        answered = original(association, apdu)
        if apdu[:2] == bytes((SET_REQUEST, _FIRST_BLOCK)) and attribute in apdu and calendar.passive.days:
            calendar.passive = replace(calendar.passive, days=calendar.passive.days[1:])
            meter.fire()
        return answered

    wrap(meter.server.services, "answer", answer)


@deviation("first-missed-shift-counts", _CLAUSE, about="Of shifts that came without power the first one counts.")
def first_missed_shift_counts(meter: Meter, rng: Random) -> None:
    """Draw nothing: it lasts until the next shift."""
    metering = meter.model.metering
    calendar, rules, lost = metering.calendar, metering.clock.rules, [metering.now]

    def cut_power(original: Callable[[], None]) -> None:
        lost[0] = metering.now
        original()

    def restore_power(original: Callable[[], None]) -> None:
        original()
        minutes = int((metering.now - lost[0]).total_seconds()) // 60
        shifts = [calendar.last_shift(rules.local(lost[0] + timedelta(minutes=one))) for one in range(minutes + 1)]
        first = next((one for one in shifts if one not in (None, shifts[0])), None)
        if first is not None and first != calendar.last_shift(rules.local(metering.now)):
            calendar.execute(first.selector)
            meter.fire()

    wrap(metering, "cut_power", cut_power)
    wrap(metering, "restore_power", restore_power)


@deviation("passive-shift-times-lost-with-power", _CLAUSE, about="A power cut takes what has no time set.")
def passive_lost(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    calendar = meter.model.metering.calendar

    def restore_power(original: Callable[[], None]) -> None:
        if calendar.pending is None and calendar.passive != calendar.active:
            calendar.passive = calendar.active
            meter.fire()
        original()

    wrap(meter.model.parts, "restore_power", restore_power)


FAMILIES = (
    activation_lost_when_clock_is_set,
    clock_set_back_undoes_activation,
    shift_missed_when_clock_is_set,
    tariff_kept_without_time,
    wildcard_year_acts_at_once,
    surplus_shifts_dropped,
    activation_at_each_power_up,
    days_in_blocks_not_stored,
    first_block_spoils_days,
    first_missed_shift_counts,
    passive_lost,
)
