"""Which register a script makes run, by the device's own script table and register activation."""

from collections.abc import Mapping

from harness.declaration import CosemObject
from harness.errors import Inconclusive, ProtocolViolation
from harness.headend.client import Client, item
from harness.protocol.axdr import Data, DataType

__all__ = ["mask_selectors", "rates_by_selector"]

_WRITE = 1
_REGISTER_ACTIVATION = 6
_ACTIVE_MASK = 4
_ASSIGNMENT, _MASKS = 2, 3
_SCRIPTS = 2


def rates_by_selector(
    client: Client, scripts: CosemObject, activation: CosemObject, registers: tuple[CosemObject, ...]
) -> Mapping[int, int]:
    """Script selector -> position of the register among ``registers``, of the scripts that put one mask in force.

    ``Inconclusive`` where script table or register activation are not what they ought to be.
    """
    try:
        assigned = [code for _, code in map(_parts, _parts(client.read(item(activation, _ASSIGNMENT))))]
        codes = [_octets(code) for code in assigned]
        masks = {
            _octets(name): _numbers(indices)
            for name, indices in map(_parts, _parts(client.read(item(activation, _MASKS))))
        }
        table = {
            number: _parts(actions) for number, actions in map(_parts, _parts(client.read(item(scripts, _SCRIPTS))))
        }
        found = {}
        for number, actions in table.items():
            mask = _mask_written(actions)
            running = {codes[index - 1] for index in masks.get(mask, ()) if 0 < index <= len(codes)}
            positions = [at for at, one in enumerate(registers) if bytes(map(int, one.obis.split("."))) in running]
            if len(positions) == 1 and isinstance(number.value, int):
                found[number.value] = positions[0]
    except (ProtocolViolation, ValueError) as error:
        raise Inconclusive(
            f"script table or register activation cannot be followed: {error}", missing="device"
        ) from error
    return found


def mask_selectors(scripts: Data) -> Mapping[bytes, int]:
    """Name of a mask of registers -> selector of the script that puts it in force."""
    found = {}
    for number, actions in map(_parts, _parts(scripts)):
        mask = _mask_written(_parts(actions))
        if mask and isinstance(number.value, int):
            found[mask] = number.value
    return found


def _mask_written(actions: tuple[Data, ...]) -> bytes:
    for action in actions:
        service, class_id, _, index, parameter = _parts(action)
        if (service.value, class_id.value, index.value) == (_WRITE, _REGISTER_ACTIVATION, _ACTIVE_MASK):
            return _octets(parameter)
    return b""


def _parts(data: Data) -> tuple[Data, ...]:
    if data.type not in (DataType.ARRAY, DataType.STRUCTURE) or not isinstance(data.value, tuple):
        raise ProtocolViolation(f"{data}, due is an array or a structure")
    return data.value


def _octets(data: Data) -> bytes:
    if not isinstance(data.value, bytes):
        raise ProtocolViolation(f"{data}, due is an octet-string")
    return data.value


def _numbers(data: Data) -> tuple[int, ...]:
    return tuple(one.value for one in _parts(data) if isinstance(one.value, int))
