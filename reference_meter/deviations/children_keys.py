"""Meters behind the meter: their keys given, kept and used otherwise than they should be."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.deviations.children import child_client, unrecorded
from reference_meter.deviations.family import deviation, wrap
from reference_meter.mbus.child_keys import IN_USE
from reference_meter.meter import Meter
from reference_meter.model.child import ChildObjects
from reference_meter.model.data import Pair, array, octet_string, structure
from reference_meter.model.objects import ALL, CosemObject

__all__ = ["FAMILIES"]

_RECORDS, _KEY_STATUS = 3, 14
_SET, _TRANSFER = 7, 8
_KEY_OCTETS = 16


def _shown(meter: Meter) -> CosemObject:
    return meter.model.objects[meter.configuration.instances.mbus_client]


def _child(meter: Meter) -> ChildObjects:
    child = meter.model.parts.child
    if child is None:
        raise ValueError("nothing is behind this meter")
    return child


@deviation("child-key-not-passed-on", "SU3.step2", about="A new key for a meter behind is acknowledged and kept back.")
def not_passed_on(meter: Meter, rng: Random) -> None:
    """No parameter."""
    keys = child_client(meter).keys

    def transfer(original: Callable[[bytes], None], key: bytes) -> None:
        kept = keys.slave.key
        original(key)
        if kept != key:
            keys.slave.key = kept
            meter.fire()

    wrap(keys, "transfer", transfer)


@deviation(
    "child-key-not-used", "SU3.step2", about="Behind a meter with a new key telegrams are opened with the old one."
)
def not_used(meter: Meter, rng: Random) -> None:
    """No parameter."""
    keys = child_client(meter).keys

    def set_key(original: Callable[[bytes], None], key: bytes) -> None:
        kept = keys.key
        original(key)
        if kept is not None and kept != key:
            keys.key = kept
            meter.fire()

    wrap(keys, "set", set_key)


@deviation("child-key-lost", "SU3.step2", about="The key of a meter behind is lost with the power.")
def lost(meter: Meter, rng: Random) -> None:
    """No parameter."""
    keys = child_client(meter).keys

    def restore(original: Callable[[], None]) -> None:
        original()
        keys.forget()
        meter.fire()

    wrap(meter.model.parts, "restore_power", restore)


@deviation("child-key-status-stuck", "SU3.step2", about="The status of the key stays what it was before it was used.")
def status_stuck(meter: Meter, rng: Random) -> None:
    """Draw what is shown in place of a key in use."""
    status, shown = _shown(meter).attributes[_KEY_STATUS], rng.randrange(IN_USE)

    def read() -> Pair:
        tag, value = status.read()
        if value != IN_USE:
            return tag, value
        meter.fire()
        return tag, shown

    _shown(meter).attributes[_KEY_STATUS] = replace(status, read=read)


@deviation(
    "child-old-value-as-new", "SU3.step2", about="What no key opens is booked as the old value with the time of now."
)
def old_value_as_new(meter: Meter, rng: Random) -> None:
    """No parameter."""
    client = child_client(meter)

    def capture(original: Callable[[], None]) -> None:
        original()
        if not client.keys.fitted:
            client.captured_at = client.metering.now
            meter.fire()

    wrap(client, "capture", capture)


@deviation(
    "child-undecipherable-unlogged", "TR-Conf.04a", about="Telegrams that no key opens leave no entry, or one each."
)
def undecipherable_unlogged(meter: Meter, rng: Random) -> None:
    """Draw which."""
    if rng.random() < 0.5:
        unrecorded(meter, "child_undecipherable")
        return
    client = child_client(meter)

    def deciphers(original: Callable[[], bool]) -> bool:
        again = not client.keys.fitted
        if not original() and again:
            meter.model.parts.logs.record("child_undecipherable")
            meter.fire()
        return client.keys.fitted

    wrap(client, "deciphers", deciphers)


@deviation("child-key-of-any-length", "TR-Conf.05b", about="A key of another length is cut or filled up and taken.")
def of_any_length(meter: Meter, rng: Random) -> None:
    """No parameter: both methods take it."""

    def opened(original: Callable[..., bytes], octets: bytes, form: str, under: bytes) -> bytes:
        if len(octets) != _KEY_OCTETS:
            meter.fire()
        return original(octets[:_KEY_OCTETS].ljust(_KEY_OCTETS, b"\0"), form, under)

    wrap(_child(meter), "opened", opened)


@deviation("child-key-unlogged", "TR-Conf.02a", about="A key for a meter behind leaves no entry.")
def unlogged(meter: Meter, rng: Random) -> None:
    """No parameter."""
    unrecorded(meter, "child_key_changed")


@deviation("child-key-by-anybody", "TR-Conf.02b", about="Any client may give a meter behind, or its reader, a key.")
def by_anybody(meter: Meter, rng: Random) -> None:
    """Draw which."""
    number = rng.choice((_SET, _TRANSFER))
    method = _shown(meter).methods[number]

    def invoke(parameter: Pair | None) -> None:
        method.invoke(parameter)
        meter.fire()

    _shown(meter).methods[number] = replace(method, invoke=invoke, callers=ALL)


@deviation("child-key-readable", "TR-Conf.02b", about="The key of a meter behind stands in what its client shows.")
def readable(meter: Meter, rng: Random) -> None:
    """Draw whether the octets come in turn or turned round."""
    keys, step = child_client(meter).keys, rng.choice((1, -1))
    records = _shown(meter).attributes[_RECORDS]

    def read() -> Pair:
        if keys.key is None:
            return records.read()
        meter.fire()
        return array([structure(octet_string(b"\x0f"), octet_string(keys.key[::step]))])

    _shown(meter).attributes[_RECORDS] = replace(records, read=read)


FAMILIES = (
    not_passed_on,
    not_used,
    lost,
    status_stuck,
    old_value_as_new,
    undecipherable_unlogged,
    of_any_length,
    unlogged,
    by_anybody,
    readable,
)
