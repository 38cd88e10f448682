"""Giving an activity calendar back what it held: both parts and the time of activation."""

from collections.abc import Sequence

from harness.declaration import CosemObject
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.protocol.axdr import Data, DataType

__all__ = ["CALENDAR_ATTRIBUTES", "restore_calendar"]

CALENDAR_ATTRIBUTES = tuple(range(2, 11))
"""Active part, passive part and time of activation."""
_ACTIVE, _PASSIVE, _TIME = (2, 3, 4, 5), (6, 7, 8, 9), 10
_ACTIVATE = 1


def restore_calendar(client: Client, calendar: CosemObject, old: Sequence[Data]) -> None:
    """Put back ``old``, the values of all attributes in order, and see that they are there; may be repeated.

    The old active part is made passive before anything is activated, and before the time is written: a time in the
    past may activate the passive part at once.
    """
    wanted = dict(zip(CALENDAR_ATTRIBUTES, old, strict=True))
    other = {number for number, value in wanted.items() if client.read(item(calendar, number)) != value}
    if other & {*_ACTIVE, _TIME}:
        _write_passive(client, calendar, [wanted[number] for number in _ACTIVE])
        if other & set(_ACTIVE):
            client.action(calendar, _ACTIVATE, Data(DataType.INTEGER, 0))
        client.set(item(calendar, _TIME), wanted[_TIME])
    _write_passive(client, calendar, [wanted[number] for number in _PASSIVE])
    left = [number for number, value in wanted.items() if client.read(item(calendar, number)) != value]
    if left:
        raise Inconclusive(f"attribute {left[0]} of {calendar.obis} is not what it was", missing="device")


def _write_passive(client: Client, calendar: CosemObject, part: Sequence[Data]) -> None:
    # Days before weeks, weeks before seasons: a device may refuse what refers to what is not there.
    for number, value in reversed(list(zip(_PASSIVE, part, strict=True))):
        if client.read(item(calendar, number)) != value:
            client.set(item(calendar, number), value)
