"""Setting and adjusting a clock as a head end does, with what the clock has to show afterwards."""

import struct
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from harness.declaration import CosemObject
from harness.declaration.clock import CLOCK_METHODS, ClockMethod
from harness.headend.calendar import Zone
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.registers import clock_data
from harness.headend.rights.legal_attacks import broadcast_request
from harness.headend.rights.legal_part import LegalAttribute
from harness.protocol import axdr
from harness.protocol.axdr import Data, DataType
from harness.protocol.date_time import ClockStatus, DateTime

__all__ = [
    "IMPOSSIBLE_TIMES",
    "WRONG_TYPES",
    "Data",
    "adjust",
    "dst_enabled_data",
    "in_zone",
    "preset_data",
    "send_time",
    "spoilt",
    "trigger_data",
    "without_deviation",
    "without_weekday",
    "write_time",
    "zone_data",
]

_TIME, _ZONE, _DST_DEVIATION = 2, 3, 7
_OPEN = 0xFF
WRONG_TYPES: dict[str, tuple[int, Data]] = {
    "time": (_TIME, Data(DataType.DOUBLE_LONG_UNSIGNED, 1)),
    "zone": (_ZONE, Data(DataType.BOOLEAN, True)),
    "dst-deviation": (_DST_DEVIATION, Data(DataType.OCTET_STRING, b"60")),
}
"""Attributes of the clock by name, each with a value of a type that it does not have."""


def write_time(client: Client, clock: CosemObject, time: DateTime) -> None:
    """Set the clock; raises as ``Client.set``."""
    client.set(item(clock, _TIME), clock_data(time))


def send_time(head_end: HeadEnd, clock: CosemObject, time: DateTime, *, to_all: bool) -> None:
    """Set the clock as the pre-established client, at one device or at all; nothing is answered."""
    client = head_end.pre_established()
    try:
        if to_all:
            octets = axdr.encode(clock_data(time))
            one = LegalAttribute(target=clock, number=_TIME, counting=False)
            head_end.broadcast(client.declared, broadcast_request(one, octets))
        else:
            client.send_unconfirmed_set(item(clock, _TIME), clock_data(time))
            client.conversation.overhear()
    finally:
        client.close()


def zone_data(deviation_min: int) -> Data:
    """Return a time zone as what a SET carries."""
    return Data(DataType.LONG, deviation_min)


def dst_enabled_data(enabled: bool) -> Data:
    """Return whether there is summer time, likewise."""
    return Data(DataType.BOOLEAN, enabled)


def without_deviation(time: DateTime) -> DateTime:
    """Leave the deviation and the status of a time open."""
    return replace(time, deviation_min=None, clock_status=_OPEN)


def without_weekday(time: DateTime) -> DateTime:
    """Leave the weekday of a time open."""
    return replace(time, weekday=None)


def adjust(client: Client, clock: CosemObject, method: ClockMethod, parameter: Data) -> None:
    """Invoke one of the methods of the clock; raises as ``Client.action``."""
    client.action(clock, CLOCK_METHODS.index(method) + 1, parameter)


def trigger_data() -> Data:
    """Return the parameter of the methods that need none."""
    return Data(DataType.INTEGER, 0)


def preset_data(time: DateTime, valid_from: DateTime, valid_until: DateTime) -> Data:
    """Return the parameter of preset_adjusting_time."""
    return Data(DataType.STRUCTURE, tuple(clock_data(one) for one in (time, valid_from, valid_until)))


def in_zone(instant: datetime, zone: Zone) -> DateTime:
    """Write an instant as the local time of a device, with its deviation and the flag of summer time if it has any."""
    if not zone.told:
        return without_deviation(DateTime.from_utc(instant, 0))
    offset = zone.offset(instant)
    summer = offset != zone.standard
    return DateTime.from_utc(
        instant, -int(offset / timedelta(minutes=1)), int(ClockStatus.DAYLIGHT_SAVING) if summer else 0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpossibleTime:
    """One field of a time with a value that no calendar or clock has; of February the month comes along."""

    offset: int
    octets: bytes


IMPOSSIBLE_TIMES: dict[str, ImpossibleTime] = {
    "month-13": ImpossibleTime(offset=2, octets=bytes([13])),
    "month-0": ImpossibleTime(offset=2, octets=bytes([0])),
    "february-30": ImpossibleTime(offset=2, octets=bytes([2, 30, 0xFF])),
    "april-31": ImpossibleTime(offset=2, octets=bytes([4, 31, 0xFF])),
    "day-0": ImpossibleTime(offset=3, octets=bytes([0])),
    "hour-24": ImpossibleTime(offset=5, octets=bytes([24])),
    "minute-60": ImpossibleTime(offset=6, octets=bytes([60])),
    "second-60": ImpossibleTime(offset=7, octets=bytes([60])),
    "year-open": ImpossibleTime(offset=0, octets=struct.pack(">H", 0xFFFF)),
}


def spoilt(time: DateTime, name: str) -> Data:
    """Return a time with one field that is impossible, or cut short by an octet (``cut-short``)."""
    octets = time.to_octets()
    if name == "cut-short":
        return Data(DataType.OCTET_STRING, octets[:-1])
    wrong = IMPOSSIBLE_TIMES[name]
    return Data(
        DataType.OCTET_STRING, octets[: wrong.offset] + wrong.octets + octets[wrong.offset + len(wrong.octets) :]
    )
