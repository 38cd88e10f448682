"""TR-Conf.02a: changes that are not noted, or wrongly; logs that lose, stop, or are written."""

from collections import deque
from collections.abc import Callable
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.noting import note_refusals, note_same_value, silence
from reference_meter.deviations.overwriting import LIST, take_path
from reference_meter.meter import Meter
from reference_meter.model.event_log import EventLog
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.parameter import Change, Parameter
from reference_meter.model.row import Row
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["FAMILIES"]

_CLOCK = 8
_RESET = 1
_BUFFER, _IN_USE = 2, 7
_HOUR_OCTET, _HOURS = 5, 24


def changes_log(meter: Meter) -> EventLog:
    """The log in which changes of parameters stand."""
    logs = meter.model.parts.logs
    event = logs.event("parameters_changed")
    if event is None:
        raise ValueError("this meter notes no changes")
    return logs.logs[event.log]


@deviation("change-by-list-not-logged", "TR-Conf.02a", about="A change by SET with list leaves no entry.")
def change_by_list_not_logged(meter: Meter, rng: Random) -> None:
    """Draw whether it is counted."""
    path = take_path(meter)
    silence(meter, lambda: path() == LIST, counted=rng.choice((True, False)))


@deviation("refused-change-logged", "TR-Conf.02a", about="A refused change leaves an entry of a change.")
def refused_change_logged(meter: Meter, rng: Random) -> None:
    """Draw the refusal."""
    refusal = rng.choice(
        (DataAccessResult.TYPE_UNMATCHED, DataAccessResult.READ_WRITE_DENIED, DataAccessResult.OTHER_REASON)
    )
    note_refusals(meter, (refusal,), logged=True, counted=False)


@deviation("change-dated-wrongly", "TR-Conf.02a", about="The entry of a change has another time than the change.")
def change_dated_wrongly(meter: Meter, rng: Random) -> None:
    """Draw an hour too many, an hour too few, or 1970."""
    how, log = rng.choice((1, -1, 0)), changes_log(meter)

    def read_column(original: Callable[[ColumnDescriptor], Pair], column: ColumnDescriptor) -> Pair:
        value = original(column)
        if column.class_id != _CLOCK:
            return value
        meter.fire()
        octets = bytearray(value[1])
        if how == 0:
            octets[:5] = bytes((0x07, 0xB2, 1, 1, 4))
        else:
            octets[_HOUR_OCTET] = (octets[_HOUR_OCTET] + how) % _HOURS
        return value[0], bytes(octets)

    wrap(log.profile, "_read_column", read_column)


@deviation("log-lost-with-power", "TR-Conf.02a", about="A power cut takes entries of the log away.")
def log_lost_with_power(meter: Meter, rng: Random) -> None:
    """Draw whether all of them or the newest half."""
    everything, log = rng.choice((True, False)), changes_log(meter)

    def cut_power(original: Callable[[], None]) -> None:
        for _ in range(len(log.profile.rows) if everything else (len(log.profile.rows) + 1) // 2):
            log.profile.rows.pop()
            meter.fire()
        original()

    wrap(meter.model.parts, "cut_power", cut_power)


@deviation("anybody-clears-log", "TR-Conf.02a", about="A client without the right clears a log.")
def anybody_clears_log(meter: Meter, rng: Random) -> None:
    """Draw whether it is told that it did."""
    told, logs = rng.choice((True, False)), {log.obis: log for log in meter.model.parts.logs.logs.values()}

    def action(original: Callable[..., tuple[int, Pair | None]], *asked: object) -> tuple[int, Pair | None]:
        done = original(*asked)
        obis, method = asked[2], asked[3]
        if isinstance(obis, bytes) and obis in logs and method == _RESET and done[0] != DataAccessResult.SUCCESS:
            logs[obis].clear()
            meter.fire()
            return (DataAccessResult.SUCCESS, None) if told else done
        return done

    wrap(meter.model, "action", action)


@deviation(
    "cleared-log-says-nothing", "TR-Conf.02a", about="A log that was cleared does not begin with an entry of it."
)
def cleared_log_says_nothing(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    cleared = meter.configuration.events.log_cleared

    def record(original: Callable[[int], None], code: int) -> None:
        if code == cleared:
            meter.fire()
        else:
            original(code)

    for log in meter.model.parts.logs.logs.values():
        wrap(log, "record", record)


@deviation("change-counted-wrongly", "TR-Conf.02a", about="The counter of changes goes on by two, or not at all.")
def change_counted_wrongly(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    audit, more = meter.model.parts.audit, rng.choice((1, -1))

    def changed(original: Callable[..., None], **named: object) -> None:
        original(**named)
        if not named.get("protected"):
            audit.changes.number += more
            meter.fire()

    wrap(audit, "changed", changed)


@deviation("date-of-change-stands", "TR-Conf.02a", about="The date of the last change is that of an earlier one.")
def date_of_change_stands(meter: Meter, rng: Random) -> None:
    """Draw the number of days by which it is too early."""
    audit, days = meter.model.parts.audit, rng.randint(1, 20)

    def changed(original: Callable[..., None], **named: object) -> None:
        original(**named)
        octets = bytearray(audit.changes.changed_at)
        octets[3] = (octets[3] - 1 + days) % 28 + 1
        if bytes(octets) != audit.changes.changed_at:
            audit.changes.changed_at = bytes(octets)
            meter.fire()

    wrap(audit, "changed", changed)


@deviation(
    "monitor-keeps-old-value", "TR-Conf.02a", about="The parameter monitor shows the old value, or another attribute."
)
def monitor_keeps_old_value(meter: Meter, rng: Random) -> None:
    """Draw which."""
    old_value, model = rng.choice((True, False)), meter.model
    tell = model.parts.audit.tell
    values: list[Pair | None] = [None]

    def write(original: Callable[..., int], *asked: object) -> int:
        item = model.objects.get(asked[2])  # type: ignore[call-overload]  # what was asked for is named by octets
        attribute = item.attributes.get(asked[3]) if item is not None else None
        values[0] = attribute.read() if attribute is not None and attribute.read is not None else None
        return original(*asked)

    def note(change: Change) -> None:
        meter.fire()
        named = change.parameter
        if old_value and values[0] is not None:
            tell(Change(parameter=named, value=values[0]))
            return
        other = Parameter(class_id=named.class_id, obis=named.obis, attribute=named.attribute + 1)
        tell(change)
        monitor = model.parts.parameter_monitor
        monitor.changed = (monitor.changed[0], (*other.cells(), change.value))

    model.parts.audit.tell = note
    wrap(model, "set", write)


@deviation("full-log-takes-no-more", "TR-Conf.02a", about="When the log is full no new entry is stored.")
def full_log_takes_no_more(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    profile = changes_log(meter).profile

    def store(original: Callable[[Row], None], row: Row) -> None:
        if len(profile.rows) == profile.entries:
            meter.fire()
        else:
            original(row)

    wrap(profile, "store", store)


@deviation("log-sorted-by-time", "TR-Conf.02a", about="Entries stand in the order of their times, not of the events.")
def log_sorted_by_time(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    profile = changes_log(meter).profile

    def store(original: Callable[[Row], None], row: Row) -> None:
        original(row)
        in_order = sorted(profile.rows, key=lambda one: one.captured_at)
        if in_order != list(profile.rows):
            profile.rows = deque(in_order, maxlen=profile.entries)
            meter.fire()

    wrap(profile, "store", store)


@deviation("log-written", "TR-Conf.02a", about="A client writes the buffer of a log, or how many entries it has.")
def log_written(meter: Meter, rng: Random) -> None:
    """Draw the attribute, and whether the entries go with it."""
    attribute, empties = rng.choice((_BUFFER, _IN_USE)), rng.choice((True, False))
    logs = {log.obis: log for log in meter.model.parts.logs.logs.values()}

    def write(original: Callable[..., int], *asked: object) -> int:
        result = original(*asked)
        obis = asked[2]
        if isinstance(obis, bytes) and obis in logs and asked[3] == attribute:
            if empties:
                logs[obis].profile.reset()
            meter.fire()
            return DataAccessResult.SUCCESS
        return result

    wrap(meter.model, "set", write)


@deviation("same-value-counted", "TR-Conf.02a", about="The same value once more is counted and leaves no entry.")
def same_value_counted(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    note_same_value(meter, logged=False, counted=True)


FAMILIES = (
    change_by_list_not_logged,
    refused_change_logged,
    change_dated_wrongly,
    log_lost_with_power,
    anybody_clears_log,
    cleared_log_says_nothing,
    change_counted_wrongly,
    date_of_change_stands,
    monitor_keeps_old_value,
    full_log_takes_no_more,
    log_sorted_by_time,
    log_written,
    same_value_counted,
)
