"""TR-Conf.11: entries of billing parameters that are lost, doubled, kept back or made of nothing."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.noting import note_change, note_refusals, note_same_value, when_broken_off
from reference_meter.deviations.tr_conf_02a import changes_log
from reference_meter.meter import Meter
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.row import Row
from reference_meter.server.model_port import AccessRefused

__all__ = ["FAMILIES"]

_RESET, _BUFFER = 1, 2
_ZONE, _DST, _ENTRIES = 3, 8, 8
_IN_A_ROW = 3


@deviation(
    "entries-kept-from-reading-client",
    "TR-Conf.11a",
    about="The reading client may not read the entries of changes, or may clear them.",
)
def entries_kept(meter: Meter, rng: Random) -> None:
    """Draw which."""
    clears, log = rng.choice((True, False)), changes_log(meter)
    clients = {client.sap: client.role for client in meter.configuration.clients}

    def get(original: Callable[..., Pair], client: int, *asked: Any) -> Pair:
        if not clears and clients.get(client) == "reading" and asked[1:3] == (log.obis, _BUFFER):
            meter.fire()
            raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)
        return original(client, *asked)

    def action(original: Callable[..., Any], client: int, *asked: Any) -> Any:
        if clears and clients.get(client) == "reading" and asked[1:3] == (log.obis, _RESET):
            meter.fire()
            log.clear()
            return DataAccessResult.SUCCESS, None
        return original(client, *asked)

    wrap(meter.model, "get", get)
    wrap(meter.model, "action", action)


@deviation("changes-and-power-cut", "TR-Conf.11a", about="A power cut takes the newest change back, or tells it again.")
def changes_and_power_cut(meter: Meter, rng: Random) -> None:
    """Draw which."""
    again, log = rng.choice((True, False)), changes_log(meter)
    event = meter.model.parts.logs.event("parameters_changed")

    def cut_power(original: Callable[[], None]) -> None:
        if not again and log.profile.rows:
            log.profile.rows.pop()
            meter.fire()
        original()

    def restore_power(original: Callable[[], None]) -> None:
        original()
        if again and event is not None:
            log.record(event.code)
            meter.fire()

    wrap(meter.model.parts, "cut_power", cut_power)
    wrap(meter.model.parts, "restore_power", restore_power)


@deviation(
    "second-reading-logged-as-change", "TR-Conf.11a", about="A billing parameter that is read twice counts as changed."
)
def second_reading_logged(meter: Meter, rng: Random) -> None:
    """Draw the parameter, and whether it is an entry or counted."""
    codes = meter.configuration.instances
    parameter = rng.choice(
        ((codes.clock, _ZONE), (codes.clock, _DST), (meter.configuration.billing.month.profile, _ENTRIES))
    )
    logged, read = rng.choice((True, False)), [False]

    def get(original: Callable[..., Pair], *asked: Any) -> Pair:
        value = original(*asked)
        if asked[2:4] == parameter:
            if read[0]:
                note_change(meter, logged=logged, counted=not logged)
            read[0] = True
        return value

    def write(original: Callable[..., int], *asked: Any) -> int:
        read[0] = False
        return original(*asked)

    wrap(meter.model, "get", get)
    wrap(meter.model, "set", write)


@deviation(
    "same-billing-value-noted",
    "TR-Conf.11a",
    about="A billing parameter written as it is leaves an entry, or is counted.",
)
def same_value_noted(meter: Meter, rng: Random) -> None:
    """Draw which."""
    logged = rng.choice((True, False))
    note_same_value(meter, logged=logged, counted=not logged)


@deviation(
    "third-change-in-a-row-merged", "TR-Conf.11a", about="Of one parameter only two changes within a second are told."
)
def third_change_merged(meter: Meter, rng: Random) -> None:
    """Draw whether the third one is counted."""
    counted, audit, metering = rng.choice((True, False)), meter.model.parts.audit, meter.model.metering
    last: list[object] = [None, None, 0]
    """Attribute, second and number of changes in a row."""
    written: list[object] = [None]

    def write(original: Callable[..., int], *asked: Any) -> int:
        written[0] = asked[2:4]
        return original(*asked)

    def changed(original: Callable[..., None], **named: object) -> None:
        second = metering.now.replace(microsecond=0)
        number = int(str(last[2])) + 1 if last[:2] == [written[0], second] else 1
        last[:] = [written[0], second, number]
        if number < _IN_A_ROW:
            original(**named)
            return
        meter.fire()
        if counted:
            audit.changes.number += 1

    wrap(meter.model, "set", write)
    wrap(audit, "changed", changed)


@deviation(
    "flood-of-changes-lost", "TR-Conf.11a", about="Of very many changes of one parameter the last ones leave no entry."
)
def flood_lost(meter: Meter, rng: Random) -> None:
    """Draw after how many."""
    most, log, written = rng.randint(30, 90), changes_log(meter), [(b"", 0), 0]

    def write(original: Callable[..., int], *asked: Any) -> int:
        attribute = (asked[2], asked[3])
        written[:] = [attribute, int(str(written[1])) + 1 if attribute == written[0] else 1]
        return original(*asked)

    def store(original: Callable[[Row], None], row: Row) -> None:
        if int(str(written[1])) > most:
            meter.fire()
        else:
            original(row)

    wrap(meter.model, "set", write)
    wrap(log.profile, "store", store)


@deviation("unfinished-change-noted", "TR-Conf.11a", about="A value that was broken off leaves the entry of a change.")
def unfinished_noted(meter: Meter, rng: Random) -> None:
    """Draw whether it is an entry or counted."""
    logged = rng.choice((True, False))
    when_broken_off(
        meter,
        lambda one: one.long_set is not None,
        lambda: note_change(meter, logged=logged, counted=not logged),
    )


@deviation(
    "scheduled-activation-logged-wrongly",
    "TR-Conf.11a",
    about="A calendar that comes into force at its time leaves no entry, two, or takes earlier entries away.",
)
def scheduled_activation_wrong(meter: Meter, rng: Random) -> None:
    """Draw which of the three."""
    how, logs, calendar = rng.choice((0, 2, -1)), meter.model.parts.logs, meter.model.metering.calendar
    event = logs.event("tariff_activated")

    def record(original: Callable[[EventRole], None], role: EventRole) -> None:
        if role != "tariff_activated" or event is None:
            original(role)
            return
        meter.fire()
        if how < 0:
            logs.logs[event.log].profile.reset()
        for _ in range(abs(how)):
            original(role)

    wrap(calendar, "record", record)


@deviation(
    "denied-billing-change-counted", "TR-Conf.11a", about="A billing parameter denied to a client counts as changed."
)
def denied_change_counted(meter: Meter, rng: Random) -> None:
    """Draw whether it is an entry, too."""
    note_refusals(meter, (DataAccessResult.READ_WRITE_DENIED,), logged=rng.choice((True, False)), counted=True)


FAMILIES = (
    entries_kept,
    changes_and_power_cut,
    second_reading_logged,
    same_value_noted,
    third_change_merged,
    flood_lost,
    unfinished_noted,
    scheduled_activation_wrong,
    denied_change_counted,
)
