"""TR-Conf.12: new shift times that come at another time than designated, not at all, or not as they were sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import Pair
from reference_meter.model.objects import MANAGING
from reference_meter.model.tariff.shift_times import Calendar

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.12a"
_LATE_S = (5, 30, 3600)


def _designate_otherwise(meter: Meter, change: Callable[[datetime], datetime | None]) -> None:
    """Have a designated time in the future mean another one."""
    calendar = meter.model.metering.calendar

    def write(original: Callable[[Pair], None], data: Pair) -> None:
        original(data)
        if calendar.pending is not None and calendar.pending > meter.model.metering.now:
            calendar.pending = change(calendar.pending)
            meter.fire()
            calendar.plan()

    item = meter.model.objects[meter.model.configuration.instances.activity_calendar]
    attribute = item.attributes[10]
    written = attribute.write
    if written is None:
        raise ValueError("the designated time of this meter cannot be written")
    item.attributes[10] = replace(attribute, write=lambda data: write(written, data))


@deviation("activation-at-midnight", _CLAUSE, about="New shift times come into force at the midnight after their time.")
def activation_at_midnight(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    rules = meter.model.metering.clock.rules

    def next_midnight(instant: datetime) -> datetime:
        local = rules.local(instant).replace(hour=0, minute=0, second=0, microsecond=0)
        return rules.utc(local + timedelta(days=1))

    _designate_otherwise(meter, next_midnight)


@deviation("activation-time-taken-as-utc", _CLAUSE, about="The designated local time is taken for UTC.")
def activation_time_taken_as_utc(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    rules = meter.model.metering.clock.rules
    _designate_otherwise(meter, lambda instant: instant - timedelta(minutes=rules.deviation_min(instant)))


@deviation("activation-late", _CLAUSE, about="New shift times come into force some time after the designated one.")
def activation_late(meter: Meter, rng: Random) -> None:
    """Draw how late."""
    late = timedelta(seconds=rng.choice(_LATE_S))
    _designate_otherwise(meter, lambda instant: instant + late)


@deviation("activation-early", _CLAUSE, about="New shift times come into force before the designated time.")
def activation_early(meter: Meter, rng: Random) -> None:
    """Draw how early."""
    early = timedelta(seconds=rng.choice((5, 30, 90)))
    _designate_otherwise(meter, lambda instant: instant - early)


@deviation("activation-never", _CLAUSE, about="A designated time is taken, and nothing happens then.")
def activation_never(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    _designate_otherwise(meter, lambda instant: None)


@deviation("activation-of-names-only", _CLAUSE, about="At its time only part of the new calendar comes into force.")
def activation_of_names_only(meter: Meter, rng: Random) -> None:
    """Draw whether the days or the name stay as they were."""
    calendar, kept = meter.model.metering.calendar, rng.choice(("days", "name"))

    def activate(original: Callable[[], None]) -> None:
        before: Calendar = calendar.active
        original()
        if calendar.active != before:
            old = before.days if kept == "days" else before.name
            calendar.active = replace(calendar.active, **{kept: old})  # type: ignore[arg-type]  # one of two fields
            meter.fire()

    wrap(calendar, "activate", activate)


@deviation("indication-behind", _CLAUSE, about="The tariff shown stays that of before an activation.")
def indication_behind(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    model = meter.model
    calendar, energy = model.metering.calendar, model.metering.energy
    shown: list[int] = []
    obis = model.configuration.instances.active_tariff
    attribute = model.objects[obis].attributes[2]

    def activate(original: Callable[[], None]) -> None:
        shown[:] = [energy.active_rate]
        original()

    def read() -> Pair:
        if shown and shown[0] != energy.active_rate:
            meter.fire()
            return (17, shown[0])
        return attribute.read()

    wrap(calendar, "activate", activate)
    model.objects[obis].attributes[2] = replace(attribute, read=read)


@deviation("energy-to-old-tariff", _CLAUSE, about="After an activation energy is still booked to the tariff of before.")
def energy_to_old_tariff(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar, energy = meter.model.metering.calendar, meter.model.metering.energy
    booked: list[int] = []

    def activate(original: Callable[[], None]) -> None:
        booked[:] = [energy.active_rate]
        original()

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        active = energy.active_rate
        if booked and booked[0] != active:
            energy.active_rate = booked[0]
            meter.fire()
        original(elapsed_us)
        energy.active_rate = active

    wrap(calendar, "activate", activate)
    wrap(energy, "integrate", integrate)


@deviation("active-calendar-writable", _CLAUSE, about="The part in force can be written directly.")
def active_calendar_writable(meter: Meter, rng: Random) -> None:
    """Draw the attribute."""
    number = rng.choice((2, 5))
    item = meter.model.objects[meter.model.configuration.instances.activity_calendar]
    calendar = meter.model.metering.calendar
    passive_write = item.attributes[number + 4].write

    def write(data: Pair) -> None:
        if passive_write is not None:
            passive_write(data)
            calendar.active = calendar.passive
            meter.fire()

    item.attributes[number] = replace(item.attributes[number], write=write, writers=MANAGING)


@deviation("inconsistent-calendar-activated", _CLAUSE, about="Weeks with days that do not exist come into force.")
def inconsistent_calendar_activated(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar = meter.model.metering.calendar
    item = meter.model.objects[meter.model.configuration.instances.activity_calendar]

    def invoke(parameter: Pair | None) -> None:
        if not calendar.passive.is_consistent():
            meter.fire()
        calendar.active = calendar.passive
        calendar.plan()

    item.methods[1] = replace(item.methods[1], invoke=invoke)


@deviation("activation-lost-without-power", _CLAUSE, about="A designated time that comes without power is forgotten.")
def activation_lost_without_power(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar, metering = meter.model.metering.calendar, meter.model.metering

    def power_returned(original: Callable[[datetime], None], lost_at: datetime) -> None:
        if calendar.pending is not None and lost_at < calendar.pending <= metering.now:
            calendar.pending = None
            meter.fire()
        original(lost_at)

    wrap(calendar, "power_returned", power_returned)


@deviation("first-designated-time-counts", _CLAUSE, about="A second designated time is taken, but the first one acts.")
def first_designated_time_counts(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    first: list[datetime] = []

    def keep_first(instant: datetime) -> datetime:
        if first and first[0] > meter.model.metering.now:
            return first[0]
        first[:] = [instant]
        return instant

    _designate_otherwise(meter, keep_first)


FAMILIES = (
    activation_at_midnight,
    activation_time_taken_as_utc,
    activation_late,
    activation_early,
    activation_never,
    activation_of_names_only,
    indication_behind,
    energy_to_old_tariff,
    active_calendar_writable,
    inconsistent_calendar_activated,
    activation_lost_without_power,
    first_designated_time_counts,
)
