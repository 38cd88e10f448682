"""TR-Conf.06a to 06c: what a load profile captures, how often and how much it keeps can be configured."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.reading import Read, change_values
from reference_meter.meter import Meter
from reference_meter.model.data import NULL, Pair, double_long_unsigned
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.row import Row
from reference_meter.model.schedule import next_boundary
from reference_meter.server.model_port import ColumnDescriptor, Selection

__all__ = ["FAMILIES"]

_CAPTURE_OBJECTS, _CAPTURE_PERIOD, _ENTRIES_IN_USE, _PROFILE_ENTRIES = 3, 4, 7, 8
Columns = tuple[ColumnDescriptor, ...]


def _ignore(meter: Meter, method: str) -> None:
    """Let a setter of the profile do nothing."""

    def ignored(original: Callable[[object], None], value: object) -> None:
        meter.fire()

    wrap(meter.model.metering.profile, method, ignored)


@deviation("capture-objects-ignored", "TR-Conf.06a", about="Other capture objects are acknowledged and not taken.")
def capture_objects_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _ignore(meter, "capture_others")


@deviation("capture-period-ignored", "TR-Conf.06b", about="Another capture period is acknowledged and not taken.")
def capture_period_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _ignore(meter, "capture_every")


@deviation("profile-entries-ignored", "TR-Conf.06c", about="Another number of entries is acknowledged and not taken.")
def profile_entries_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _ignore(meter, "resize")


@deviation(
    "old-rows-stay-with-other-columns",
    "TR-Conf.06a",
    about="Rows of the old columns stay beside those of the new ones.",
)
def old_rows_stay_with_other_columns(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile = meter.model.metering.profile

    def capture_others(original: Callable[[Columns], None], columns: Columns) -> None:
        rows = list(profile.rows)
        original(columns)
        if not profile.rows and rows:
            kept = (replace(row, values=(*row.values, *[NULL] * len(columns))[: len(columns)]) for row in rows)
            profile.rows = deque(kept, maxlen=profile.entries)
            meter.fire()

    wrap(profile, "capture_others", capture_others)


@deviation("old-rows-stay-with-other-period", "TR-Conf.06b", about="Rows of the old period stay beside the new ones.")
def old_rows_stay_with_other_period(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile = meter.model.metering.profile

    def capture_every(original: Callable[[int], None], period_s: int) -> None:
        rows = list(profile.rows)
        original(period_s)
        if rows and not profile.rows:
            profile.rows.extend(rows)
            meter.fire()

    wrap(profile, "capture_every", capture_every)


@deviation("new-column-repeats-the-last", "TR-Conf.06a", about="A further column has the values of the one before it.")
def new_column_repeats_the_last(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile = meter.model.metering.profile
    width = len(profile.columns)

    def store(original: Callable[[Row], None], row: Row) -> None:
        if len(row.values) > width:
            row = replace(row, values=(*row.values[:width], *row.values[: len(row.values) - width]))
            meter.fire()
        original(row)

    wrap(profile, "store", store)


def _answer_refused_writes(meter: Meter, attribute: int, answer: Callable[[int], int]) -> None:
    """Answer refused writes of one attribute of the load profile in another way."""
    profile = meter.configuration.instances.load_profile

    def write(
        original: Callable[..., int],
        client: int,
        class_id: int,
        obis: bytes,
        number: int,
        selection: Selection | None,
        data: Pair,
    ) -> int:
        result = original(client, class_id, obis, number, selection, data)
        if (obis, number) != (profile, attribute) or result == DataAccessResult.SUCCESS:
            return result
        return answer(result)

    wrap(meter.model, "set", write)


def _acknowledge(meter: Meter, attribute: int) -> None:
    def answer(result: int) -> int:
        if result != DataAccessResult.OTHER_REASON:
            return result
        meter.fire()
        return DataAccessResult.SUCCESS

    _answer_refused_writes(meter, attribute, answer)


@deviation(
    "impossible-capture-objects-acknowledged", "TR-Conf.06a", about="Objects that cannot be captured seem to be taken."
)
def impossible_capture_objects_acknowledged(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _acknowledge(meter, _CAPTURE_OBJECTS)


@deviation("impossible-period-acknowledged", "TR-Conf.06b", about="A period that cannot be set seems to be taken.")
def impossible_period_acknowledged(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _acknowledge(meter, _CAPTURE_PERIOD)


@deviation("impossible-entries-acknowledged", "TR-Conf.06c", about="An impossible number of entries seems to be taken.")
def impossible_entries_acknowledged(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _acknowledge(meter, _PROFILE_ENTRIES)


@deviation(
    "refused-period-clears-rows", "TR-Conf.06b", about="A refused capture period clears the buffer all the same."
)
def refused_period_clears_rows(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def answer(result: int) -> int:
        meter.model.metering.profile.reset()
        meter.fire()
        return result

    _answer_refused_writes(meter, _CAPTURE_PERIOD, answer)


@deviation(
    "refused-entries-counted", "TR-Conf.06c", about="A refused number of entries is counted and logged as a change."
)
def refused_entries_counted(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def answer(result: int) -> int:
        meter.model.parts.audit.changed()
        meter.fire()
        return result

    _answer_refused_writes(meter, _PROFILE_ENTRIES, answer)


@deviation("periods-count-from-change", "TR-Conf.06b", about="After a change of the period rows come at odd times.")
def periods_count_from_change(meter: Meter, rng: Random) -> None:
    """Draw how far off they are."""
    metering = meter.model.metering
    profile, period_s = metering.profile, metering.profile.period_s
    off = timedelta(seconds=rng.randint(3, 50))

    def plan(original: Callable[[], None]) -> None:
        original()
        if profile.period_s not in (0, period_s):
            metering.capture.due += off
            meter.fire()

    wrap(metering.capture, "plan", plan)


@deviation("captures-without-period", "TR-Conf.06b", about="With a period of 0 rows come as with the period before.")
def captures_without_period(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering
    period_s = metering.profile.period_s

    def plan(original: Callable[[], None]) -> None:
        original()
        if metering.profile.period_s == 0:
            metering.capture.due = next_boundary(metering.now, period_s, metering.clock.rules)
            meter.fire()

    def skip_to(original: Callable[[datetime], None], target: datetime) -> None:
        if metering.profile.period_s:
            original(target)

    wrap(metering.capture, "plan", plan)
    wrap(metering.capture, "skip_to", skip_to)


@deviation("entries-in-use-grow-on", "TR-Conf.06c", about="The entries in use are counted on when the buffer is full.")
def entries_in_use_grow_on(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile = meter.model.metering.profile
    captured = 0

    def store(original: Callable[[Row], None], row: Row) -> None:
        nonlocal captured
        captured += len(profile.rows) == profile.entries
        original(row)

    def reset(original: Callable[[], None]) -> None:
        nonlocal captured
        captured = 0
        original()

    def change(read: Read, pair: Pair) -> Pair:
        if captured and read.is_of(meter.configuration.instances.load_profile, _ENTRIES_IN_USE):
            return double_long_unsigned(pair[1] + captured)
        return pair

    wrap(profile, "store", store)
    wrap(profile, "reset", reset)
    change_values(meter, change)


@deviation("full-buffer-drops-newest", "TR-Conf.06c", about="When the buffer is full, new rows are dropped.")
def full_buffer_drops_newest(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile = meter.model.metering.profile

    def store(original: Callable[[Row], None], row: Row) -> None:
        if len(profile.rows) == profile.entries:
            meter.fire()
        else:
            original(row)

    wrap(profile, "store", store)


FAMILIES = (
    capture_objects_ignored,
    capture_period_ignored,
    profile_entries_ignored,
    old_rows_stay_with_other_columns,
    old_rows_stay_with_other_period,
    new_column_repeats_the_last,
    impossible_capture_objects_acknowledged,
    impossible_period_acknowledged,
    impossible_entries_acknowledged,
    refused_period_clears_rows,
    refused_entries_counted,
    periods_count_from_change,
    captures_without_period,
    entries_in_use_grow_on,
    full_buffer_drops_newest,
)
