"""TR-Conf.07: billing periods not counted or not locked, intervals that fail, numbers of sets that do not hold."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.billing_settings import Interval
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.row import Row
from reference_meter.server.model_port import Selection

__all__ = ["FAMILIES"]

_ENTRIES, _TIMES = 8, 4
_EXECUTE = 1
_WEEK = 7


@deviation("billing-counter-stands", "TR-Conf.07a", about="The end of a billing period leaves counter or time behind.")
def billing_counter_stands(meter: Meter, rng: Random) -> None:
    """Draw which of them."""
    period, field = meter.model.parts.data_sets.period, rng.choice(("number", "stamp"))

    def close(original: Callable[[], None]) -> None:
        before = getattr(period, field)
        original()
        setattr(period, field, before)
        meter.fire()

    wrap(period, "close", close)


@deviation("lock-out-of-closing-ignored", "TR-Conf.07a", about="A billing period can be ended again at once.")
def lock_out_ignored(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    period = meter.model.parts.data_sets.period

    def is_locked_out(original: Callable[[float], bool], lock_out_s: float) -> bool:
        if original(lock_out_s):
            meter.fire()
        return False

    wrap(period, "is_locked_out", is_locked_out)


@deviation("anybody-ends-billing-period", "TR-Conf.07a", about="A client without the right ends the billing period.")
def anybody_closes(meter: Meter, rng: Random) -> None:
    """Draw whether it is told that it did."""
    told = rng.choice((True, False))
    sets, script = meter.model.parts.data_sets, meter.configuration.billing.script

    def action(original: Callable[..., tuple[int, Pair | None]], *asked: object) -> tuple[int, Pair | None]:
        done = original(*asked)
        if asked[2] == script and asked[3] == _EXECUTE and done[0] == DataAccessResult.READ_WRITE_DENIED:
            sets.close("month")
            meter.fire()
            return (DataAccessResult.SUCCESS, None) if told else done
        return done

    wrap(meter.model, "action", action)


@deviation(
    "week-ends-on-wrong-day", "TR-Conf.07b", about="The set of a week is stored at the beginning of another day."
)
def week_ends_on_wrong_day(meter: Meter, rng: Random) -> None:
    """Draw the day."""
    schedule, day = meter.model.parts.data_sets.schedules["week"], rng.randint(2, _WEEK)
    schedule.times = tuple(replace(entry, weekday=day) for entry in schedule.times)
    schedule.plan()

    def execute(original: Callable[[], None]) -> None:
        meter.fire()
        original()

    wrap(schedule, "execute", execute)


@deviation("interval-never-stored", "TR-Conf.07b", about="Sets of one of the intervals never come.")
def interval_never_stored(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "week", "month", "year"))

    def capture_row(original: Callable[[], None]) -> None:
        meter.fire()

    wrap(meter.model.parts.data_sets.captures[interval], "capture_row", capture_row)


@deviation("only-one-interval-at-once", "TR-Conf.07b", about="Where intervals end at once, the longer one has no set.")
def only_one_interval_at_once(meter: Meter, rng: Random) -> None:
    """Draw the longer one."""
    interval: Interval = rng.choice(("month", "year"))
    captures, clock = meter.model.parts.data_sets.captures, meter.model.metering.clock
    shorter: Interval = "month" if interval == "year" else "week"

    def capture_row(original: Callable[[], None]) -> None:
        rows = list(captures[shorter].profile.rows)[-1:]
        if rows and rows[0].captured_at == clock.now:
            meter.fire()
        else:
            original()

    wrap(captures[interval], "capture_row", capture_row)


@deviation("number-of-sets-stays", "TR-Conf.07c", about="Another number of sets is accepted and not put in force.")
def number_of_sets_stays(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "month"))

    def resize(original: Callable[[int], None], entries: int) -> None:
        meter.fire()

    wrap(meter.model.parts.data_sets.captures[interval].profile, "resize", resize)


@deviation("full-ring-takes-no-more", "TR-Conf.07c", about="When as many sets are there as fit, no new one is stored.")
def full_ring_takes_no_more(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "month"))
    profile = meter.model.parts.data_sets.captures[interval].profile

    def store(original: Callable[[Row], None], row: Row) -> None:
        if len(profile.rows) == profile.entries:
            meter.fire()
        else:
            original(row)

    wrap(profile, "store", store)


def _acknowledged(meter: Meter, obis: bytes, attribute: int) -> None:
    """Answer refused writes of an attribute as if they had been taken."""

    def write(original: Callable[..., int], client: int, class_id: int, code: bytes, *more: object) -> int:
        result = original(client, class_id, code, *more)
        if (code, more[0]) != (obis, attribute) or result != DataAccessResult.OTHER_REASON:
            return result
        meter.fire()
        return DataAccessResult.SUCCESS

    wrap(meter.model, "set", write)


@deviation("impossible-schedule-acknowledged", "TR-Conf.07a", about="A schedule that never comes is acknowledged.")
def impossible_schedule_acknowledged(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    schedule = meter.configuration.billing.month.schedule
    if schedule is None:
        raise ValueError("months end by a schedule")
    _acknowledged(meter, schedule, _TIMES)


@deviation("impossible-number-of-sets-acknowledged", "TR-Conf.07c", about="No number of sets is refused.")
def impossible_number_acknowledged(meter: Meter, rng: Random) -> None:
    """Draw the interval."""
    interval: Interval = rng.choice(("day", "month"))
    _acknowledged(meter, meter.configuration.billing.of(interval).profile, _ENTRIES)


@deviation(
    "reading-ends-billing-period", "TR-Conf.08b", about="Reading stored sets or registers moves the billing counter."
)
def reading_ends_billing_period(meter: Meter, rng: Random) -> None:
    """Draw what is read, and whether a set is stored too."""
    instances, billing = meter.configuration.instances, meter.configuration.billing
    code = rng.choice((instances.energy_import_total, billing.month.profile, billing.counter))
    with_set, sets = rng.choice((True, False)), meter.model.parts.data_sets

    def get(
        original: Callable[..., Pair], client: int, class_id: int, obis: bytes, attribute: int, selection: Selection
    ) -> Pair:
        value = original(client, class_id, obis, attribute, selection)
        if (obis, attribute) == (code, 2):
            meter.fire()
            if with_set:
                sets.close("month")
            else:
                sets.period.close()
        return value

    wrap(meter.model, "get", get)


@deviation(
    "reading-at-month-end-loses-set", "TR-Conf.08b", about="No set is stored when somebody reads at that moment."
)
def reading_at_month_end_loses_set(meter: Meter, rng: Random) -> None:
    """Draw how long a reading counts as under way, in seconds."""
    busy_s, schedule = rng.choice((2.0, 5.0)), meter.model.parts.data_sets.schedules["month"]
    metering = meter.model.metering
    read_at = [metering.now]

    def get(original: Callable[..., Pair], *asked: object) -> Pair:
        read_at[0] = metering.now
        return original(*asked)

    def execute(original: Callable[[], None]) -> None:
        if 0 <= (metering.now - read_at[0]).total_seconds() <= busy_s:
            meter.fire()
        else:
            original()

    wrap(meter.model, "get", get)
    wrap(schedule, "execute", execute)


FAMILIES = (
    billing_counter_stands,
    lock_out_ignored,
    anybody_closes,
    week_ends_on_wrong_day,
    interval_never_stored,
    only_one_interval_at_once,
    number_of_sets_stays,
    full_ring_takes_no_more,
    impossible_schedule_acknowledged,
    impossible_number_acknowledged,
    reading_ends_billing_period,
    reading_at_month_end_loses_set,
)
