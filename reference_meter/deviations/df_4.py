"""DF.4: data that are read for a consumer come with the time they belong to."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.reading import Read, change_values
from reference_meter.meter import Meter
from reference_meter.model.data import octet_string
from reference_meter.model.date_time import date_time_to_octets
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.model_port import Selection

__all__ = ["FAMILIES"]

_CLAUSE = "DF.4"
_TIME_OCTETS = 12
_CAPTURE_TIME, _CLOCK_STATUS = 5, 4
_OPEN_TIME = bytes.fromhex("FFFFFFFFFFFFFFFFFF8000FF")
_INVALID = 0x01

Encode = Callable[[Iterable[Pair | int]], Iterator[bytes]]


@deviation("list-with-stale-time", _CLAUSE, about="The clock in a list tells the time of an earlier reading.")
def list_with_stale_time(meter: Meter, rng: Random) -> None:
    """Draw how much earlier."""
    late = timedelta(seconds=rng.choice((60, 900, 86_400)))

    def encode_results(original: Encode, results: Iterable[Pair | int]) -> Iterator[bytes]:
        clock = meter.model.metering.clock
        right = octet_string(clock.time_octets())
        stale = octet_string(date_time_to_octets(clock.now - late, clock.rules))
        told = [stale if result == right else result for result in results]
        if stale in told:
            meter.fire()
        return original(told)

    wrap(meter.server.services.gets, "encode_results", encode_results)


@deviation("maximum-without-its-time", _CLAUSE, about="The maximum demand has no capture time, or one still to come.")
def maximum_without_its_time(meter: Meter, rng: Random) -> None:
    """Draw which."""
    to_come = rng.choice((True, False))
    obis = meter.configuration.instances.max_demand_import

    def change(read: Read, pair: Pair) -> Pair:
        if not read.is_of(obis, _CAPTURE_TIME):
            return pair
        clock = meter.model.metering.clock
        later = date_time_to_octets(clock.now + timedelta(days=1), clock.rules)
        return octet_string(later if to_come else _OPEN_TIME)

    change_values(meter, change)


@deviation("rows-share-one-time", _CLAUSE, about="All rows of one answer have the time of the newest row.")
def rows_share_one_time(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    profile = meter.model.metering.profile

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        selected = original(selection)
        if len(selected.rows) < 2:
            return selected
        meter.fire()
        newest = max(selected.rows, key=lambda row: row.captured_at)
        rows = tuple(_with_time_of(newest, row) for row in selected.rows)
        return Selected(rows=rows, columns=selected.columns)

    wrap(profile, "select", select)


def _with_time_of(newest: Row, row: Row) -> Row:
    return Row(captured_at=newest.captured_at, values=(newest.values[0], *row.values[1:]))


@deviation("lost-time-passed-off-as-good", _CLAUSE, about="A clock that has lost its time calls it valid.")
def lost_time_passed_off(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    obis = meter.configuration.instances.clock

    def change(read: Read, pair: Pair) -> Pair:
        if read.is_of(obis, _CLOCK_STATUS) and isinstance(pair[1], int):
            return (pair[0], pair[1] & ~_INVALID)
        octets = pair[1]
        if not read.is_of(obis) or not isinstance(octets, bytes) or len(octets) != _TIME_OCTETS:
            return pair
        return octet_string(octets[:-1] + bytes((octets[-1] & ~_INVALID,)))

    change_values(meter, change)


FAMILIES = (
    list_with_stale_time,
    maximum_without_its_time,
    rows_share_one_time,
    lost_time_passed_off,
)
