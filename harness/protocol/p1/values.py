"""What stands between the brackets: quantities, times, texts, power failures, readings of other meters."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Self

from harness.errors import DecodeError

__all__ = [
    "Failure",
    "Quantity",
    "Stamp",
    "SubMeterReading",
    "failures_of",
    "has_no_reading",
    "number_of",
    "sub_meter_of",
    "text_of",
]

_QUANTITY: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\*([A-Za-z][A-Za-z0-9]*)")
_PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_STAMP: Final = re.compile(r"([0-9]{12})([SW]?)")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_OLD_READING_VALUES: Final = 7
_NO_TIME: Final = re.compile(r"632525252525[SW]?")
"""What a time all of whose fields are open comes to in decimal digits; meters write it where they have nothing."""
_PREFIXES: Final = {"k": 1000, "M": 1_000_000}
_BASES: Final = ("Wh", "W", "varh", "var", "VArh", "VAr", "VA", "VAh", "V", "A", "Hz", "m3", "J", "s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit, as it stands there."""

    value: Decimal
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``value*unit``; DecodeError for anything else."""
        found = _QUANTITY.fullmatch(text)
        if found is None:
            raise DecodeError(f"{text!r} is no value with a unit")
        return cls(value=Decimal(found[1]), unit=found[2])

    def _scale(self) -> tuple[int, str]:
        if self.unit not in _BASES and self.unit[:1] in _PREFIXES and self.unit[1:] in _BASES:
            return _PREFIXES[self.unit[0]], self.unit[1:]
        return 1, self.unit

    @property
    def base_unit(self) -> str:
        """The unit without kilo or mega."""
        return self._scale()[1]

    @property
    def in_base_unit(self) -> Decimal:
        """The value in that unit: kWh become Wh."""
        return self.value * self._scale()[0]

    @property
    def resolution(self) -> Decimal:
        """One of the last digit, in the base unit."""
        exponent = self.value.as_tuple().exponent
        places = exponent if isinstance(exponent, int) else 0
        return Decimal(1).scaleb(places) * self._scale()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A local time; ``summer`` is None where no letter says so."""

    local: datetime
    summer: bool | None
    instant: datetime | None = None
    """In UTC, where the deviation is told too."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYMMDDhhmmss`` with S, W or neither; DecodeError for anything else and for days that do not exist."""
        found = _STAMP.fullmatch(text)
        if found is None:
            raise DecodeError(f"{text!r} is no time YYMMDDhhmmss with S or W")
        try:
            local = datetime.strptime(f"20{found[1]}", "%Y%m%d%H%M%S")
        except ValueError as error:
            raise DecodeError(f"{text!r} is no time that there is") from error
        return cls(local=local, summer={"S": True, "W": False}.get(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One long power failure."""

    end: Stamp
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubMeterReading:
    """What another meter has told, and when it was so."""

    captured: Stamp
    quantity: Quantity


def number_of(text: str) -> Decimal:
    """Read a number without unit; a quantity gives its value."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    return Quantity.parse(text).value


def text_of(text: str) -> str:
    """Read a text whose characters stand there as two hexadecimal digits each."""
    if not _HEX.fullmatch(text):
        raise DecodeError(f"{text!r} is no text in hexadecimal digits")
    return bytes.fromhex(text).decode("latin-1")


def failures_of(values: tuple[str, ...]) -> tuple[Failure, ...]:
    """Read the log of power failures: a number, the code of durations, then as many pairs of end and duration.

    An empty value is an empty log.
    """
    if values == ("",):
        return ()
    if not values or not values[0].isdecimal():
        raise DecodeError("the log of power failures does not begin with their number")
    pairs = values[2:]
    if len(pairs) != 2 * int(values[0]):
        raise DecodeError(f"the log tells of {values[0]} failures and has {len(pairs)} values for them")
    found = []
    for end, lasted in zip(pairs[::2], pairs[1::2], strict=True):
        seconds = Quantity.parse(lasted)
        if seconds.unit != "s":
            raise DecodeError(f"{lasted!r} is no duration in seconds")
        found.append(Failure(end=Stamp.parse(end), seconds=int(seconds.value)))
    return tuple(found)


def has_no_reading(values: tuple[str, ...]) -> bool:
    """Whether nothing was ever read from the other meter: a number that means nothing at an open time or without unit.

    Empty values say the same.
    """
    if not any(values):
        return True
    if len(values) != 2 or number_of(values[1]):
        return False
    return bool(_NO_TIME.fullmatch(values[0])) or "*" not in values[1]


def sub_meter_of(values: tuple[str, ...]) -> SubMeterReading:
    """Read time and value, in the present layout or in that of DSMR 2 and 3 with the unit before the value."""
    if len(values) == 2:
        return SubMeterReading(captured=Stamp.parse(values[0]), quantity=Quantity.parse(values[1]))
    if len(values) == _OLD_READING_VALUES:
        quantity = Quantity.parse(f"{values[6]}*{values[5]}")
        return SubMeterReading(captured=Stamp.parse(values[0]), quantity=quantity)
    raise DecodeError(f"a reading of another meter has {len(values)} values")
