"""What holds of a value that comes through a gateway: it is what the device gives when it is asked directly."""

from datetime import datetime, timedelta

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.errors import DecodeError
from harness.protocol.axdr import Data
from harness.protocol.date_time import DateTime

__all__ = ["passed_on"]

_TIME_OCTETS = 12


def passed_on(about: str, before: Data, through: Data, after: Data, *, tolerance_s: float) -> Verdictless:
    """A value read through a gateway between two direct readings is one of both, or lies between them.

    Numbers and times have an order; times may be ``tolerance_s`` off. Of what else changes meanwhile nothing can be
    said.
    """
    if through in (before, after):
        return None
    expected = f"{about} as directly: {before}" + (f", then {after}" if after != before else "")
    if through.type != before.type:
        return Breach(expected=expected, observed=str(through))
    moments = [_moment(one) for one in (before, through, after)]
    low, shown, high = moments
    if low is not None and shown is not None and high is not None:
        tolerance = timedelta(seconds=tolerance_s)
        within = min(low, high) - tolerance <= shown <= max(low, high) + tolerance
        return None if within else Breach(expected=expected, observed=str(through))
    numbers = [_number(one) for one in (before, through, after)]
    first, found, last = numbers
    if first is not None and found is not None and last is not None:
        within = min(first, last) <= found <= max(first, last)
        return None if within else Breach(expected=expected, observed=str(through))
    if before == after:
        return Breach(expected=expected, observed=str(through))
    return Undecided(reason=f"{about} changed while it was read: {before}, then {after}", missing="device")


def _number(data: Data) -> float | int | None:
    return data.value if isinstance(data.value, int | float) and not isinstance(data.value, bool) else None


def _moment(data: Data) -> datetime | None:
    if not isinstance(data.value, bytes) or len(data.value) != _TIME_OCTETS:
        return None
    try:
        return DateTime.from_octets(data.value).comparable()
    except DecodeError:
        return None
