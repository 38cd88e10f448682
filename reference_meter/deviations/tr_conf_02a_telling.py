"""TR-Conf.02a: keys that are changed silently, a parameter monitor whose log errs, and refusals that are none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.noting import note_refusals
from reference_meter.meter import Meter
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.row import Row

__all__ = ["FAMILIES"]

_HOUR_OCTET, _HOURS = 5, 24


@deviation("key-transfer-logged-wrongly", "TR-Conf.02a", about="A key transfer leaves no entry, or two.")
def key_transfer_logged_wrongly(meter: Meter, rng: Random) -> None:
    """Draw the number of entries."""
    logged_otherwise(meter, "keys_changed", rng.choice((0, 2)))


def logged_otherwise(meter: Meter, event: EventRole, number: int) -> None:
    """Let each event of a role leave so many entries."""

    def record(original: Callable[[EventRole], None], role: EventRole) -> None:
        if role != event:
            original(role)
            return
        for _ in range(number):
            original(role)
        meter.fire()

    wrap(meter.model.parts.logs, "record", record)


@deviation("clearing-logged-wrongly", "TR-Conf.02a", about="A load profile that is cleared leaves no entry, or two.")
def clearing_logged_wrongly(meter: Meter, rng: Random) -> None:
    """Draw the number of entries."""
    logged_otherwise(meter, "load_profile_cleared", rng.choice((0, 2)))


@deviation(
    "log-of-monitor-errs",
    "TR-Conf.02a",
    about="The log of the parameter monitor leaves a change out, holds the one before, or has another time.",
)
def log_of_monitor_errs(meter: Meter, rng: Random) -> None:
    """Draw which of the three."""
    how, log = rng.choice(("left out", "one before", "earlier")), meter.model.parts.parameter_monitor.log
    before: list[Pair | None] = [None]

    def store(original: Callable[[Row], None], row: Row) -> None:
        told, clock, changed = before[0], *row.values
        before[0] = changed
        if how == "left out":
            meter.fire()
        elif how == "earlier":
            octets = bytearray(clock[1])
            octets[_HOUR_OCTET] = (octets[_HOUR_OCTET] - 1) % _HOURS
            meter.fire()
            original(replace(row, values=((clock[0], bytes(octets)), changed)))
        elif told is not None and told != changed:
            meter.fire()
            original(replace(row, values=(clock, told)))
        else:
            original(row)

    wrap(log, "store", store)


@deviation(
    "time-of-monitor-stands", "TR-Conf.02a", about="The parameter monitor shows an earlier time than the change."
)
def time_of_monitor_stands(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    earlier, monitor = timedelta(minutes=rng.randint(1, 90)), meter.model.parts.parameter_monitor
    clock, tell = meter.model.metering.clock, meter.model.parts.audit.tell

    def note(change: Any) -> None:
        tell(change)
        now = clock.now
        clock.now = now - earlier
        monitor.changed_at = clock.time_octets()
        clock.now = now
        meter.fire()

    meter.model.parts.audit.tell = note


@deviation("value-out-of-range-counted", "TR-Conf.02a", about="A value that is out of range is refused and counted.")
def value_out_of_range_counted(meter: Meter, rng: Random) -> None:
    """Draw whether it is an entry, too."""
    note_refusals(meter, (DataAccessResult.OTHER_REASON,), logged=rng.choice((True, False)), counted=True)


@deviation("denied-change-made", "TR-Conf.02a", about="A client without the right is refused, and its change made.")
def denied_change_made(meter: Meter, rng: Random) -> None:
    """Draw the client's role, and whether the change leaves an entry."""
    role, noted = rng.choice(("reading", "public")), rng.choice((True, False))
    clients = {client.sap: client.role for client in meter.configuration.clients}
    audit = meter.model.parts.audit
    silent = [False]

    def changed(original: Callable[..., None], **named: object) -> None:
        if not silent[0]:
            original(**named)

    def write(original: Callable[..., int], client: int, *asked: Any) -> int:
        result = original(client, *asked)
        obis, attribute, data = asked[1], asked[2], asked[-1]
        item = meter.model.objects.get(obis)
        found = item.attributes.get(attribute) if item is not None else None
        refused = result in (DataAccessResult.READ_WRITE_DENIED, DataAccessResult.OBJECT_UNDEFINED)
        if refused and clients.get(client) == role and found is not None and found.write is not None:
            silent[0] = not noted
            found.write(data)
            silent[0] = False
            meter.fire()
        return result

    wrap(audit, "changed", changed)
    wrap(meter.model, "set", write)


FAMILIES = (
    key_transfer_logged_wrongly,
    clearing_logged_wrongly,
    log_of_monitor_errs,
    time_of_monitor_stands,
    value_out_of_range_counted,
    denied_change_made,
)
