"""TR-Conf.09: collected data that leave no entry or too many, and filters that do not hold."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.codec.request import GET_REQUEST
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.noting import silence
from reference_meter.meter import Meter
from reference_meter.model.data_collection import COLLECTED, OF_GAS
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.association import Association
from reference_meter.server.model_port import AccessRefused, ColumnDescriptor

__all__ = ["FAMILIES"]

_NEXT_BLOCK = 2
_CLOCK = 8
_HOUR_OCTET, _HOURS = 5, 24


@deviation("entry-for-each-block", "TR-Conf.09a", about="Each further block of a long answer leaves an entry.")
def entry_for_each_block(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    collection = meter.model.parts.collection

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        if apdu[:1] == bytes([GET_REQUEST]) and apdu[1:2] == bytes([_NEXT_BLOCK]):
            for kind in collection.selected:
                collection.record(kind)
                meter.fire()
        return original(association, apdu)

    wrap(meter.server.services, "answer", answer)


@deviation("filter-ignored", "TR-Conf.09b", about="What the filter does not select is logged all the same.")
def filter_ignored(meter: Meter, rng: Random) -> None:
    """Draw the kind."""
    kind, collection = rng.choice(COLLECTED), meter.model.parts.collection

    def fetched(original: Callable[[EventRole], None], what: EventRole) -> None:
        original(what)
        if what == kind and kind not in collection.selected:
            collection.record(kind)
            meter.fire()

    wrap(collection, "fetched", fetched)


@deviation("filter-lost-with-power", "TR-Conf.09b", about="A power cut sets the filter back.")
def filter_lost_with_power(meter: Meter, rng: Random) -> None:
    """Draw to what."""
    collection = meter.model.parts.collection
    back: frozenset[EventRole] = rng.choice((frozenset(), frozenset({COLLECTED[0]})))

    def cut_power(original: Callable[[], None]) -> None:
        if collection.selected != back:
            collection.selected = back
            meter.fire()
        original()

    wrap(meter.model.parts, "cut_power", cut_power)


@deviation("collection-logged-as-another", "TR-Conf.09a", about="Entries have the code of another kind of collection.")
def logged_as_another(meter: Meter, rng: Random) -> None:
    """Draw the kind that is told wrongly."""
    wrong, collection = rng.choice(COLLECTED), meter.model.parts.collection
    other = COLLECTED[1 - COLLECTED.index(wrong)]

    def record(original: Callable[[EventRole], None], kind: EventRole) -> None:
        if kind == wrong:
            meter.fire()
            original(other)
        else:
            original(kind)

    wrap(collection, "record", record)


@deviation("collection-of-gas-as-electricity", "TR-Conf.09a", about="Gas is logged as electricity, or the other way.")
def gas_as_electricity(meter: Meter, rng: Random) -> None:
    """Draw the kind, and which way."""
    gas, electricity = rng.choice(tuple(OF_GAS.items()))
    wrong, other = rng.choice(((gas, electricity), (electricity, gas)))
    collection = meter.model.parts.collection

    def record(original: Callable[[EventRole], None], kind: EventRole) -> None:
        if kind == wrong:
            meter.fire()
        original(other if kind == wrong else kind)

    wrap(collection, "record", record)


@deviation("collection-dated-wrongly", "TR-Conf.09a", about="Entries have the time of an earlier hour.")
def dated_wrongly(meter: Meter, rng: Random) -> None:
    """Draw how many hours."""
    hours, profile = rng.randint(1, 5), meter.model.parts.logs.logs["communication"].profile

    def read_column(original: Callable[[ColumnDescriptor], Pair], column: ColumnDescriptor) -> Pair:
        value = original(column)
        if column.class_id != _CLOCK:
            return value
        meter.fire()
        octets = bytearray(value[1])
        octets[_HOUR_OCTET] = (octets[_HOUR_OCTET] - hours) % _HOURS
        return value[0], bytes(octets)

    wrap(profile, "_read_column", read_column)


@deviation("collection-of-one-client-not-logged", "TR-Conf.09a", about="What one client collects leaves no entry.")
def one_client_not_logged(meter: Meter, rng: Random) -> None:
    """Draw the client's role."""
    role, collection = rng.choice(("reading", "management")), meter.model.parts.collection
    clients = {client.sap: client.role for client in meter.configuration.clients}
    asking = [0]

    def get(original: Callable[..., Pair], client: int, *more: object) -> Pair:
        asking[0] = client
        return original(client, *more)

    def fetched(original: Callable[[EventRole], None], kind: EventRole) -> None:
        if clients.get(asking[0]) == role:
            if kind in collection.selected:
                meter.fire()
        else:
            original(kind)

    wrap(meter.model, "get", get)
    wrap(collection, "fetched", fetched)


@deviation("refused-reading-logged", "TR-Conf.09a", about="A request that was refused is logged as collected data.")
def refused_reading_logged(meter: Meter, rng: Random) -> None:
    """Draw the kind of which it is logged."""
    kind, collection = rng.choice(COLLECTED), meter.model.parts.collection

    def get(original: Callable[..., Pair], *asked: object) -> Pair:
        try:
            return original(*asked)
        except AccessRefused:
            if kind in collection.selected:
                collection.fetched(kind)
                meter.fire()
            raise

    wrap(meter.model, "get", get)


@deviation("entry-for-each-of-a-list", "TR-Conf.09a", about="A list of registers leaves an entry for each of them.")
def entry_for_each_of_list(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    collection = meter.model.parts.collection
    number = [0]

    def fetched(original: Callable[[EventRole], None], kind: EventRole) -> None:
        number[0] += 1
        if number[0] > 1 and kind in collection.selected:
            collection.record(kind)
            meter.fire()
        original(kind)

    def request_over(original: Callable[[], None]) -> None:
        number[0] = 0
        original()

    wrap(collection, "fetched", fetched)
    wrap(collection, "request_over", request_over)


@deviation("log-of-collection-feeds-itself", "TR-Conf.09b", about="Reading the log of collection leaves entries in it.")
def feeds_itself(meter: Meter, rng: Random) -> None:
    """Draw the kind."""
    kind, collection = rng.choice(COLLECTED), meter.model.parts.collection
    log = meter.model.parts.logs.logs["communication"].obis

    def get(original: Callable[..., Pair], *asked: object) -> Pair:
        value = original(*asked)
        if asked[2] == log and asked[3] == 2 and kind in collection.selected:
            collection.fetched(kind)
            meter.fire()
        return value

    wrap(meter.model, "get", get)


@deviation("public-reading-logged", "TR-Conf.09a", about="What anybody may read is logged as collected data.")
def public_reading_logged(meter: Meter, rng: Random) -> None:
    """Draw the kind of which it is logged."""
    kind, collection = rng.choice(COLLECTED), meter.model.parts.collection
    public = {client.sap for client in meter.configuration.clients if client.role == "public"}

    def get(original: Callable[..., Pair], client: int, *more: object) -> Pair:
        value = original(client, *more)
        if client in public and kind in collection.selected:
            collection.fetched(kind)
            meter.fire()
        return value

    wrap(meter.model, "get", get)


@deviation("anybody-writes-filter", "TR-Conf.09b", about="A client without the right chooses what is logged.")
def anybody_writes_filter(meter: Meter, rng: Random) -> None:
    """Draw whether it is told that it did."""
    told, code = rng.choice((True, False)), meter.configuration.instances.collection_filter

    def write(original: Callable[..., int], *asked: Any) -> int:
        result = original(*asked)
        if asked[2] == code and result == DataAccessResult.READ_WRITE_DENIED:
            meter.model.parts.collection.write_filter(asked[-1])
            meter.fire()
            return DataAccessResult.SUCCESS if told else result
        return result

    wrap(meter.model, "set", write)


@deviation(
    "selection-changed-silently", "TR-Conf.09b", about="Another selection of events leaves no entry of a change."
)
def selection_changed_silently(meter: Meter, rng: Random) -> None:
    """Draw whether it is counted."""
    code, written = meter.configuration.instances.collection_filter, [b""]

    def write(original: Callable[..., int], *asked: Any) -> int:
        written[0] = asked[2]
        return original(*asked)

    wrap(meter.model, "set", write)
    silence(meter, lambda: written[0] == code, counted=rng.choice((True, False)))


FAMILIES = (
    entry_for_each_block,
    filter_ignored,
    filter_lost_with_power,
    logged_as_another,
    gas_as_electricity,
    dated_wrongly,
    one_client_not_logged,
    refused_reading_logged,
    entry_for_each_of_list,
    feeds_itself,
    public_reading_logged,
    anybody_writes_filter,
    selection_changed_silently,
)
