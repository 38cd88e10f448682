"""What families of forbidden writes have in common: the path by which a request came, and overwritten values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reference_meter.codec.access import ACCESS_REQUEST
from reference_meter.codec.axdr import Pair
from reference_meter.codec.request import ACTION_REQUEST, SET_REQUEST
from reference_meter.deviations.family import wrap
from reference_meter.meter import Meter
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.association import Association, SessionKey
from reference_meter.server.model_port import Selection
from reference_meter.server.services import is_unconfirmed

__all__ = ["ENERGY", "Write", "energy_registers", "overwrite", "reset_energy", "take_path"]

SET, LIST, BLOCKS, LIST_BLOCKS = "set", "list", "blocks", "list and blocks"
ACCESS, UNCONFIRMED, ACTION, BROADCAST = "access", "unconfirmed", "action", "broadcast"
_SET_PATHS = {1: SET, 2: BLOCKS, 4: LIST, 5: LIST_BLOCKS}
_NEXT_BLOCK = 3

ENERGY = 3
"""Interface class of the energy registers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One attribute that one client tries to write."""

    client: int
    class_id: int
    obis: bytes
    attribute: int
    path: str


def take_path(meter: Meter) -> Callable[[], str]:
    """Return what tells by which path the request under way came."""
    path = [SET]

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        if path[0] != BROADCAST:
            path[0] = _path_of(apdu, path[0])
        return original(association, apdu)

    def broadcast(original: Callable[[SessionKey, bytes], None], key: SessionKey, apdu: bytes) -> None:
        before, path[0] = path[0], BROADCAST
        try:
            original(key, apdu)
        finally:
            path[0] = before

    wrap(meter.server.services, "answer", answer)
    wrap(meter.server, "broadcast", broadcast)
    return lambda: path[0]


def _path_of(apdu: bytes, before: str) -> str:
    if is_unconfirmed(apdu):
        return UNCONFIRMED
    if apdu[:1] == bytes([ACCESS_REQUEST]):
        return ACCESS
    if apdu[:1] == bytes([ACTION_REQUEST]):
        return ACTION
    if apdu[:1] == bytes([SET_REQUEST]) and len(apdu) > 1:
        return before if apdu[1] == _NEXT_BLOCK else _SET_PATHS.get(apdu[1], SET)
    return SET


def overwrite(meter: Meter, takes: Callable[[Write], bool], *, told: int = DataAccessResult.SUCCESS) -> None:
    """Let the meter take values of the right type for which ``takes`` holds and answer ``told``; reads give them."""
    path = take_path(meter)
    values: dict[tuple[bytes, int], Pair] = {}

    def write(
        original: Callable[..., int],
        client: int,
        class_id: int,
        obis: bytes,
        attribute: int,
        selection: Selection | None,
        data: Pair,
    ) -> int:
        result = original(client, class_id, obis, attribute, selection, data)
        wanted = Write(client=client, class_id=class_id, obis=obis, attribute=attribute, path=path())
        item = meter.model.objects.get(obis)
        if result == DataAccessResult.SUCCESS or item is None or not takes(wanted):
            return result
        if data[0] != item.attributes[attribute].read()[0]:
            return DataAccessResult.TYPE_UNMATCHED
        values[obis, attribute] = data
        meter.fire()
        return told

    def read(
        original: Callable[..., Pair],
        client: int,
        class_id: int,
        obis: bytes,
        attribute: int,
        selection: Selection | None,
    ) -> Pair:
        value = original(client, class_id, obis, attribute, selection)
        return values.get((obis, attribute), value)

    wrap(meter.model, "set", write)
    wrap(meter.model, "get", read)


def energy_registers(meter: Meter) -> tuple[bytes, ...]:
    """The OBIS codes of total and tariff registers."""
    configuration = meter.configuration
    codes = configuration.instances
    rates = [
        code(rate) for rate in configuration.rates for code in (codes.energy_import_rate, codes.energy_export_rate)
    ]
    return (codes.energy_import_total, codes.energy_export_total, *rates)


def reset_energy(meter: Meter) -> None:
    """Set all energies to zero."""
    energy = meter.model.metering.energy
    for register in energy.energy_nj:
        energy.energy_nj[register] = 0
    meter.fire()
