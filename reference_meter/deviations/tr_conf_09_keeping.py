"""TR-Conf.09: a log of data collection that is read, filled or cut short wrongly, and filters with unknown bits."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.codec.request import GET_REQUEST
from reference_meter.deviations.answers import tell_hdlc
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.noting import when_broken_off
from reference_meter.meter import Meter
from reference_meter.model.data_collection import COLLECTED
from reference_meter.model.event_settings import EventRole
from reference_meter.model.profile import LoadProfile
from reference_meter.model.row import Row
from reference_meter.model.selection import Selected
from reference_meter.server.association import Association
from reference_meter.server.model_port import AccessRefused, ColumnDescriptor, RangeSelection, Selection

__all__ = ["FAMILIES"]

_NEXT_BLOCK = 2
_BUFFER = 2
_LOG_READS = 3
_CLOCK = 8


def collection_log(meter: Meter) -> LoadProfile:
    """The log in which collecting is noted."""
    return meter.model.parts.logs.logs["communication"].profile


@deviation("range-of-collection-log-errs", "TR-Conf.09a", about="A range of the log leaves out entries that lie in it.")
def range_of_log_errs(meter: Meter, rng: Random) -> None:
    """Draw whether the newest entry or all of them."""
    everything, log = rng.choice((True, False)), collection_log(meter)

    def select(original: Callable[[Selection | None], Selected], selection: Selection | None) -> Selected:
        selected = original(selection)
        if not isinstance(selection, RangeSelection) or not selected.rows:
            return selected
        meter.fire()
        return Selected(rows=() if everything else selected.rows[:-1], columns=selected.columns)

    wrap(log, "select", select)


@deviation("late-block-noted-again", "TR-Conf.09a", about="A very long answer leaves a second entry on its way.")
def late_block_noted_again(meter: Meter, rng: Random) -> None:
    """Draw with which block."""
    number, collection = rng.randint(15, 25), meter.model.parts.collection

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        given = original(association, apdu)
        long = association.long_get
        if apdu[:2] == bytes([GET_REQUEST, _NEXT_BLOCK]) and long is not None and long.number == number:
            for kind in collection.selected:
                collection.record(kind)
                meter.fire()
        return given

    wrap(meter.server.services, "answer", answer)


@deviation(
    "broken-off-reading-noted-again", "TR-Conf.09a", about="A reading that is broken off leaves further entries."
)
def broken_off_noted_again(meter: Meter, rng: Random) -> None:
    """Draw how many."""
    more, collection = rng.randint(1, 3), meter.model.parts.collection

    def note_again() -> None:
        for kind in collection.selected:
            for _ in range(more):
                collection.record(kind)
            meter.fire()

    when_broken_off(meter, lambda one: one.long_get is not None, note_again)


@deviation(
    "full-log-of-collection-errs", "TR-Conf.09a", about="When the log of collection is full new entries get lost."
)
def full_log_errs(meter: Meter, rng: Random) -> None:
    """Draw whether the new one is not stored, or takes the place of the one before it."""
    replaces, log = rng.choice((True, False)), collection_log(meter)

    def store(original: Callable[[Row], None], row: Row) -> None:
        if len(log.rows) < log.entries:
            original(row)
            return
        meter.fire()
        if replaces:
            log.rows[-1] = row

    wrap(log, "store", store)


@deviation("unknown-filter-bit-taken", "TR-Conf.09b", about="A filter with a bit that selects nothing is not refused.")
def unknown_bit_taken(meter: Meter, rng: Random) -> None:
    """Draw whether it is acknowledged, or refused and the selection changed all the same."""
    told, collection = rng.choice((True, False)), meter.model.parts.collection

    def write(original: Callable[[Pair], None], data: Pair) -> None:
        try:
            original(data)
        except AccessRefused:
            meter.fire()
            if told:
                return
            collection.selected = frozenset(COLLECTED) - collection.selected
            raise

    wrap(collection, "write_filter", write)


@deviation(
    "log-read-again-and-again-noted", "TR-Conf.09b", about="Reading the log time and again leaves entries in it."
)
def read_again_noted(meter: Meter, rng: Random) -> None:
    """Draw the kind of which it is noted."""
    kind, collection = rng.choice(COLLECTED), meter.model.parts.collection
    obis, in_a_row = meter.model.parts.logs.logs["communication"].obis, [0]

    def get(original: Callable[..., Pair], *asked: object) -> Pair:
        value = original(*asked)
        if asked[2] == obis and asked[3] == _BUFFER:
            in_a_row[0] += 1
            if in_a_row[0] >= _LOG_READS and kind in collection.selected:
                collection.record(kind)
                meter.fire()
        return value

    def fetched(original: Callable[[EventRole], None], what: EventRole) -> None:
        in_a_row[0] = 0
        original(what)

    wrap(meter.model, "get", get)
    wrap(collection, "fetched", fetched)


@deviation(
    "kind-of-collection-sticks", "TR-Conf.09a", about="What is collected next is noted as being of the first kind."
)
def kind_sticks(meter: Meter, rng: Random) -> None:
    """Draw which kind sticks."""
    sticking, collection, associations = rng.choice(COLLECTED), meter.model.parts.collection, meter.server.associations
    stuck = [False]

    def record(original: Callable[[EventRole], None], kind: EventRole) -> None:
        if stuck[0] and kind != sticking:
            meter.fire()
            original(sticking)
            return
        stuck[0] = kind == sticking
        original(kind)

    def close_link(original: Callable[[int], None], link_id: int) -> None:
        stuck[0] = False
        original(link_id)

    wrap(collection, "record", record)
    wrap(associations, "close_link", close_link)


@deviation("collection-dated-by-session", "TR-Conf.09a", about="Entries have the time at which the link was opened.")
def dated_by_session(meter: Meter, rng: Random) -> None:
    """No parameter."""
    log, clock = collection_log(meter), meter.model.metering.clock
    opened: dict[int, bytes] = {}
    asking = [0]

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        asking[0] = association.key.link_id
        opened.setdefault(asking[0], clock.time_octets())
        return original(association, apdu)

    def read_column(original: Callable[[ColumnDescriptor], Pair], column: ColumnDescriptor) -> Pair:
        value = original(column)
        began = opened.get(asking[0], value[1])
        if column.class_id != _CLOCK or began == value[1]:
            return value
        meter.fire()
        return value[0], began

    wrap(meter.server.services, "answer", answer)
    wrap(log, "_read_column", read_column)


@deviation("collection-through-one-door-silent", "TR-Conf.09a", about="What is collected over HDLC leaves no entry.")
def one_door_silent(meter: Meter, rng: Random) -> None:
    """No parameter."""
    collection, over_hdlc = meter.model.parts.collection, tell_hdlc(meter)

    def record(original: Callable[[EventRole], None], kind: EventRole) -> None:
        if over_hdlc():
            meter.fire()
        else:
            original(kind)

    wrap(collection, "record", record)


FAMILIES = (
    dated_by_session,
    one_door_silent,
    range_of_log_errs,
    late_block_noted_again,
    broken_off_noted_again,
    full_log_errs,
    unknown_bit_taken,
    read_again_noted,
    kind_sticks,
)
