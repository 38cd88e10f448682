"""What the parts of an activity calendar refer to."""

from harness.checks.tariff_parts import References
from harness.errors import ProtocolViolation
from harness.headend.tariff.calendar import Part
from harness.headend.tariff.shift_times import array_elements, days_of
from harness.protocol.axdr import Data

__all__ = ["references_of"]


def references_of(part: Part) -> References:
    """Names of seasons, weeks and days; ``ProtocolViolation`` where one has another form."""
    seasons = [array_elements(one) for one in array_elements(part.seasons)]
    weeks = [array_elements(one) for one in array_elements(part.weeks)]
    return References(
        named_weeks=frozenset(_name(season[-1]) for season in seasons),
        weeks=frozenset(_name(week[0]) for week in weeks),
        named_days=frozenset(_number(day) for week in weeks for day in week[1:]),
        days=frozenset(_number(number) for number, _ in days_of(part.days)),
    )


def _name(data: Data) -> bytes:
    if not isinstance(data.value, bytes):
        raise ProtocolViolation(f"{data} in a calendar, due is a name")
    return data.value


def _number(data: Data) -> int:
    if not isinstance(data.value, int):
        raise ProtocolViolation(f"{data} in a calendar, due is the number of a day")
    return data.value
