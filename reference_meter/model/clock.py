"""The metering clock: an instant, shown as local time with deviation and status."""

from datetime import datetime

from reference_meter.model.data import Pair
from reference_meter.model.date_time import (
    CLOCK_INVALID,
    DST_ACTIVE,
    LocalTime,
    date_time_from_octets,
    date_time_to_octets,
)
from reference_meter.model.objects import DataAccessResult
from reference_meter.model.written import OCTET_STRING
from reference_meter.server.model_port import AccessRefused

__all__ = ["Clock", "instant_from_data"]

_DATE_TIME = 25
_DEVIATION, _OPEN = 9, b"\x80\x00"
"""Where the deviation begins, and one that is left open."""


class Clock:
    """Metering time as an instant in UTC; only the model's ``advance`` and setting the clock move it."""

    def __init__(self, now: datetime, rules: LocalTime) -> None:
        self.now = now
        self.rules = rules
        self.invalid = False

    def shown_octets(self) -> bytes:
        """The 12 octets of attribute 2."""
        return date_time_to_octets(self.now, self.rules, invalid=self.invalid)

    def time_octets(self) -> bytes:
        """The 12 octets by which what happens now is stored."""
        return self._stored(self.shown_octets())

    def stamp(self, instant: datetime) -> bytes:
        """The 12 octets by which an instant is stored, with the status of now."""
        return self._stored(date_time_to_octets(instant, self.rules, invalid=self.invalid))

    def _stored(self, octets: bytes) -> bytes:
        if self.rules.stored_deviation:
            return octets
        return octets[:_DEVIATION] + _OPEN + octets[_DEVIATION + len(_OPEN) :]

    def status(self) -> int:
        """The clock status octet of this instant."""
        return (CLOCK_INVALID if self.invalid else 0) | (DST_ACTIVE if self.rules.is_dst(self.now) else 0)


def instant_from_data(data: Pair, rules: LocalTime) -> datetime:
    """The instant of a date-time that a client sent; AccessRefused where it is none."""
    tag, value = data
    if tag not in (OCTET_STRING, _DATE_TIME) or len(value) != 12:
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    try:
        return date_time_from_octets(value).utc(rules)
    except (ValueError, OverflowError):
        raise AccessRefused(DataAccessResult.OTHER_REASON) from None
