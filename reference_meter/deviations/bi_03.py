"""BI.03: billing parameters that are not given, taken, checked, kept, put into force or read back as they should be."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.noting import note_refusals, silence
from reference_meter.meter import Meter
from reference_meter.model.data import Pair
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import CosemObject, DataAccessResult
from reference_meter.server.model_port import AccessRefused

__all__ = ["FAMILIES"]

_PASSIVE, _TIME = range(6, 10), 10
_SECONDS = 7


def _calendar_object(meter: Meter) -> CosemObject:
    found: CosemObject = meter.model.objects[meter.model.configuration.instances.activity_calendar]
    return found


@deviation("passive-calendar-given-as-active", "BI.03.step1", about="What is read as in force is what was sent last.")
def passive_given_as_active(meter: Meter, rng: Random) -> None:
    """Draw the attribute."""
    item, number = _calendar_object(meter), rng.choice((2, 5))
    active, passive = item.attributes[number], item.attributes[number + 4]

    def read() -> Pair:
        if passive.read() != active.read():
            meter.fire()
        return passive.read()

    item.attributes[number] = replace(active, read=read)


@deviation("special-days-not-stored", "BI.03.step2", about="A special day is acknowledged and not stored.")
def special_days_not_stored(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    table = meter.model.metering.calendar.special_days
    item = meter.model.objects[meter.model.configuration.instances.special_days]
    write = item.attributes[2].write

    def lose(data: Pair) -> None:
        before = table.entries
        if write is not None:
            write(data)
        if table.entries != before:
            table.entries = before
            meter.fire()

    item.attributes[2] = replace(item.attributes[2], write=lose)


@deviation("shift-times-from-any-client", "BI.03.step2", about="A client that may only read sends new shift times.")
def shift_times_from_any_client(meter: Meter, rng: Random) -> None:
    """Draw the attribute."""
    configuration, number = meter.model.configuration, rng.choice((6, 9))
    clients = {client.role: client.sap for client in reversed(configuration.clients)}

    def set_value(original: Callable[..., int], client: int, class_id: int, obis: bytes, *more: Any) -> int:
        if client == clients["reading"] and (obis, more[0]) == (configuration.instances.activity_calendar, number):
            meter.fire()
            client = clients["management"]
        return original(client, class_id, obis, *more)

    wrap(meter.model, "set", set_value)


@deviation("refused-shift-times-spoil-others", "BI.03.step3", about="A refused value takes away what was there.")
def refused_shift_times_spoil_others(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar, item = meter.model.metering.calendar, _calendar_object(meter)

    def spoiling(write: Callable[[Pair], None]) -> Callable[[Pair], None]:
        def written(data: Pair) -> None:
            try:
                write(data)
            except AccessRefused:
                calendar.passive = replace(calendar.passive, days=())
                meter.fire()
                raise

        return written

    for number in (*_PASSIVE, _TIME):
        write = item.attributes[number].write
        if write is not None:
            item.attributes[number] = replace(item.attributes[number], write=spoiling(write))


@deviation("passive-calendar-lost-without-power", "BI.03.step3", about="An outage takes what was sent and waits.")
def passive_calendar_lost_without_power(meter: Meter, rng: Random) -> None:
    """Draw what is lost."""
    calendar, loses_time = meter.model.metering.calendar, rng.choice((True, False))

    def power_lost(original: Callable[[], None]) -> None:
        if calendar.passive != calendar.active:
            meter.fire()
            if loses_time:
                calendar.activation_time = bytes((0xFF,)) * len(calendar.activation_time)
            else:
                calendar.passive = calendar.active
        original()

    wrap(calendar, "power_lost", power_lost)


@deviation("activation-not-logged", "BI.03.step5", about="New shift times come into force without an entry in the log.")
def activation_not_logged(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    calendar = meter.model.metering.calendar

    def record(original: Callable[[EventRole], None], role: EventRole) -> None:
        if role == "tariff_activated":
            meter.fire()
        else:
            original(role)

    wrap(calendar, "record", record)


@deviation("calendar-read-back-otherwise", "BI.03.step6", about="Names or days that were sent are read back otherwise.")
def calendar_read_back_otherwise(meter: Meter, rng: Random) -> None:
    """Draw what: a padded name, or days without the last shift."""
    item, padded = _calendar_object(meter), rng.choice((True, False))
    numbers = (2, 6) if padded else (5, 9)

    def otherwise(read: Callable[[], Pair]) -> Callable[[], Pair]:
        def found() -> Pair:
            tag, value = read()
            meter.fire()
            return (tag, bytes(value) + b" ") if padded else (tag, list(value)[:-1])

        return found

    for number in numbers:
        item.attributes[number] = replace(item.attributes[number], read=otherwise(item.attributes[number].read))


@deviation("designated-time-without-seconds", "BI.03.step6", about="The designated time is read back as a full minute.")
def designated_time_without_seconds(meter: Meter, rng: Random) -> None:
    """Nothing to draw."""
    item = _calendar_object(meter)
    attribute = item.attributes[_TIME]

    def read() -> Pair:
        tag, value = attribute.read()
        octets = bytes(value)
        if octets[_SECONDS] not in (0, 0xFF):
            meter.fire()
            octets = octets[:_SECONDS] + b"\x00" + octets[_SECONDS + 1 :]
        return (tag, octets)

    item.attributes[_TIME] = replace(attribute, read=read)


@deviation("sent-parameters-leave-no-entry", "BI.03.step4", about="Billing parameters are changed and nothing says so.")
def sent_parameters_leave_no_entry(meter: Meter, rng: Random) -> None:
    """Draw whether the changes are counted."""
    silence(meter, lambda: True, counted=rng.choice((True, False)))


@deviation("refused-shift-times-logged", "BI.03.step4", about="Shift times that are refused are logged as changed.")
def refused_shift_times_logged(meter: Meter, rng: Random) -> None:
    """Draw whether they are counted too."""
    refusals = {DataAccessResult.TYPE_UNMATCHED, DataAccessResult.OTHER_REASON}
    obis = meter.configuration.instances.activity_calendar
    note_refusals(meter, refusals, logged=True, counted=rng.choice((True, False)), obis=obis)


FAMILIES = (
    sent_parameters_leave_no_entry,
    refused_shift_times_logged,
    passive_given_as_active,
    special_days_not_stored,
    shift_times_from_any_client,
    refused_shift_times_spoil_others,
    passive_calendar_lost_without_power,
    activation_not_logged,
    calendar_read_back_otherwise,
    designated_time_without_seconds,
)
