"""TR-Conf.06: profiles that go wrong once they are cleared, set by the wrong client, or set at the wrong moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import enum
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import EntrySelection, Selection

__all__ = ["FAMILIES"]

_REGISTER = 3
_CAPTURE_OBJECTS, _CAPTURE_PERIOD, _SORT_METHOD, _PROFILE_ENTRIES = 3, 4, 5, 8
_A_LITTLE = 10


@deviation(
    "cleared-profile-errs", "TR-Conf.06e", about="A cleared profile keeps its newest row, or leaves the next one out."
)
def cleared_profile_errs(meter: Meter, rng: Random) -> None:
    """Draw which."""
    keeps, profile, left_out = rng.choice((True, False)), meter.model.metering.profile, [False]

    def reset(original: Callable[[], None]) -> None:
        newest = list(profile.rows)[-1:]
        original()
        if keeps:
            profile.rows.extend(newest)
            meter.fire()
        left_out[0] = not keeps

    def store(original: Callable[[Row], None], row: Row) -> None:
        if left_out[0]:
            left_out[0] = False
            meter.fire()
        else:
            original(row)

    wrap(profile, "reset", reset)
    wrap(profile, "store", store)


@deviation(
    "other-order-not-followed",
    "TR-Conf.06c",
    about="Another sort method is acknowledged and the rows stay as they are.",
)
def other_order_not_followed(meter: Meter, rng: Random) -> None:
    """Draw whether the sort method reads as it was written."""
    shown, obis, written = rng.choice((True, False)), meter.configuration.instances.load_profile, [0]

    def write(original: Callable[..., int], *asked: Any) -> int:
        if asked[2:4] == (obis, _SORT_METHOD) and asked[-1][0] == enum(0)[0]:
            written[0] = asked[-1][1]
            meter.fire()
            return DataAccessResult.SUCCESS
        return original(*asked)

    def get(original: Callable[..., Pair], *asked: Any) -> Pair:
        value = original(*asked)
        if shown and written[0] and asked[2:4] == (obis, _SORT_METHOD):
            return enum(written[0])
        return value

    wrap(meter.model, "set", write)
    wrap(meter.model, "get", get)


def make_denied_change(meter: Meter, attribute: int) -> None:
    """Refuse a client without the right, and change this attribute of the load profile all the same."""
    obis = meter.configuration.instances.load_profile

    def write(original: Callable[..., int], *asked: Any) -> int:
        result = original(*asked)
        change = meter.model.objects[obis].attributes[attribute].write
        if result == DataAccessResult.READ_WRITE_DENIED and asked[2:4] == (obis, attribute) and change is not None:
            change(asked[-1])
            meter.fire()
        return result

    wrap(meter.model, "set", write)


@deviation(
    "denied-capture-objects-taken", "TR-Conf.06a", about="Capture objects that are denied to a client are taken."
)
def denied_objects_taken(meter: Meter, rng: Random) -> None:
    """No parameter."""
    make_denied_change(meter, _CAPTURE_OBJECTS)


@deviation("denied-capture-period-taken", "TR-Conf.06b", about="A capture period that is denied to a client is taken.")
def denied_period_taken(meter: Meter, rng: Random) -> None:
    """No parameter."""
    make_denied_change(meter, _CAPTURE_PERIOD)


@deviation(
    "denied-profile-entries-taken", "TR-Conf.06c", about="A number of entries that is denied to a client is taken."
)
def denied_entries_taken(meter: Meter, rng: Random) -> None:
    """No parameter."""
    make_denied_change(meter, _PROFILE_ENTRIES)


def freeze_after(meter: Meter, setter: str) -> None:
    """After this change of the profile its registers stay in all rows as they are in the first one."""
    profile = meter.model.metering.profile
    first: list[Row | None] = [None]
    frozen = [False]

    def set_otherwise(original: Callable[[object], None], value: object) -> None:
        original(value)
        first[0], frozen[0] = None, True

    def store(original: Callable[[Row], None], row: Row) -> None:
        held = first[0] or row
        if frozen[0]:
            first[0] = held
            cells = [
                old if column.class_id == _REGISTER else new
                for column, old, new in zip(profile.columns, held.values, row.values, strict=True)
            ]
            if tuple(cells) != row.values:
                meter.fire()
            row = replace(row, values=tuple(cells))
        original(row)

    wrap(profile, setter, set_otherwise)
    wrap(profile, "store", store)


@deviation(
    "values-stand-with-other-columns", "TR-Conf.06a", about="With other capture objects the values of rows stand still."
)
def values_stand_with_columns(meter: Meter, rng: Random) -> None:
    """No parameter."""
    freeze_after(meter, "capture_others")


@deviation(
    "values-stand-with-other-period", "TR-Conf.06b", about="With another capture period the values of rows stand still."
)
def values_stand_with_period(meter: Meter, rng: Random) -> None:
    """No parameter."""
    freeze_after(meter, "capture_every")


@deviation(
    "late-change-of-period-loses-row", "TR-Conf.06b", about="A change just before a capture loses the row of it."
)
def late_change_loses_row(meter: Meter, rng: Random) -> None:
    """Draw how long before."""
    short = timedelta(seconds=rng.randint(3, 20))
    profile, metering, changed_at = meter.model.metering.profile, meter.model.metering, [meter.configuration.start]

    def capture_every(original: Callable[[int], None], period_s: int) -> None:
        original(period_s)
        changed_at[0] = metering.now

    def capture(original: Callable[[datetime], None], now: datetime) -> None:
        if timedelta() < now - changed_at[0] <= short:
            meter.fire()
        else:
            original(now)

    wrap(profile, "capture_every", capture_every)
    wrap(profile, "capture", capture)


@deviation(
    "a-little-more-depth-ignored", "TR-Conf.06c", about="A few entries more are acknowledged, and no more rows kept."
)
def little_more_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile, most = meter.model.metering.profile, [0]

    def resize(original: Callable[[int], None], entries: int) -> None:
        before = profile.entries
        original(entries)
        most[0] = before if before < entries <= before + _A_LITTLE else 0

    def store(original: Callable[[Row], None], row: Row) -> None:
        original(row)
        if most[0] and len(profile.rows) > most[0]:
            profile.rows.popleft()
            meter.fire()

    wrap(profile, "resize", resize)
    wrap(profile, "store", store)


@deviation("long-cut-not-shown", "TR-Conf.06f", about="A cut of the supply over more than a period is not shown.")
def long_cut_not_shown(meter: Meter, rng: Random) -> None:
    """No parameter."""
    capture, metering = meter.model.metering.capture, meter.model.metering

    def power_returned(original: Callable[[datetime], None], lost_at: datetime) -> None:
        original(lost_at)
        if metering.now - lost_at > timedelta(seconds=metering.profile.period_s):
            capture.power_failed = False
            meter.fire()

    wrap(capture, "power_returned", power_returned)


@deviation(
    "wrong-entry-numbers-give-rows",
    "TR-Conf.06d",
    about="Numbers of entries that there are not give rows all the same.",
)
def wrong_numbers_give_rows(meter: Meter, rng: Random) -> None:
    """Draw whether from 0 or from beyond the newest row."""
    zero, profile = rng.choice((True, False)), meter.model.metering.profile

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        if isinstance(selection, EntrySelection):
            used = len(profile.stored)
            if selection.from_entry == 0 and zero:
                meter.fire()
                return original(replace(selection, from_entry=1))
            if selection.from_entry > used and not zero and used:
                meter.fire()
                return original(replace(selection, from_entry=used, to_entry=used))
        return original(selection)

    wrap(profile, "select", select)


FAMILIES = (
    cleared_profile_errs,
    other_order_not_followed,
    denied_objects_taken,
    denied_period_taken,
    denied_entries_taken,
    values_stand_with_columns,
    values_stand_with_period,
    late_change_loses_row,
    little_more_ignored,
    long_cut_not_shown,
    wrong_numbers_give_rows,
)
