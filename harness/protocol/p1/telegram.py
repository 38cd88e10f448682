"""A whole telegram: identification, lines, checksum."""

import re
from dataclasses import dataclass
from typing import Final, Self

from harness.errors import DecodeError
from harness.protocol.p1.crc import crc16
from harness.protocol.p1.line import Address, DataLine
from harness.protocol.p1.values import (
    Failure,
    Quantity,
    Stamp,
    SubMeterReading,
    failures_of,
    has_no_reading,
    number_of,
    sub_meter_of,
    text_of,
)

__all__ = ["Telegram"]

_IDENTIFICATION: Final = re.compile(r"/([A-Za-z]{3}[0-9])([^/!]{1,64})")
_CHECKSUM: Final = re.compile(r"[0-9A-F]{4}")
_TIME: Final = Address(0, 0, 1, 0, 0)
_VERSIONS: Final = (Address(1, 3, 0, 2, 8), Address(0, 0, 96, 1, 4))
_TARIFF: Final = Address(0, 0, 96, 14, 0)
_FAILURE_LOG: Final = Address(1, 0, 99, 97, 0)
_FEWEST_LINES: Final = 4
_SUB_METER_GROUP: Final = 24
_SUB_METER_READINGS: Final = ((2, 1), (2, 3), (3, 0))
_CURRENT: Final = 7
_ENERGY: Final = 8
_GROUPS_END: Final = 80
_PHASES_APART: Final = 20
_WITH_UNIT: Final = range(1, 13)
"""Powers, current and voltage; power factor and angles follow, which have no unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """What one telegram says; ``checksum`` is None in the layouts that have none."""

    maker: str
    """Three letters and a digit."""
    identification: str
    lines: tuple[DataLine, ...]
    checksum: int | None

    @classmethod
    def parse(cls, octets: bytes, *, checksum: bool) -> Self:
        """Read a telegram from its slash to its last line end; DecodeError says which line is wrong.

        ``checksum`` says whether one is due; where it is not due it may not be there.
        """
        texts = _texts(octets)
        crc = _checksum(octets, texts[-1], due=checksum)
        found = _IDENTIFICATION.fullmatch(texts[0])
        if found is None:
            raise DecodeError(f"line 1: {texts[0]!r} is no identification")
        if texts[1]:
            raise DecodeError(f"line 2: {texts[1]!r} stands where an empty line is due")
        lines: list[DataLine] = []
        for number, text in enumerate(texts[2:-1], start=3):
            try:
                if text.startswith("(") and lines:
                    lines[-1] = lines[-1].continued(text)
                else:
                    lines.append(DataLine.parse(text))
            except DecodeError as error:
                raise DecodeError(f"line {number}: {error}") from error
        telegram = cls(maker=found[1], identification=found[2], lines=tuple(lines), checksum=crc)
        telegram._check_lines()
        return telegram

    def _check_lines(self) -> None:
        seen = set()
        for line in self.lines:
            if line.address in seen:
                raise DecodeError(f"{line.address} stands there twice")
            seen.add(line.address)
            try:
                _check_values(line)
            except DecodeError as error:
                raise DecodeError(f"{line.address}: {error}") from error

    # What stands in it

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses in their order."""
        return tuple(line.address for line in self.lines)

    def values(self, address: Address) -> tuple[str, ...] | None:
        """The values of an address; None where it is not there."""
        return next((line.values for line in self.lines if line.address == address), None)

    def quantity(self, address: Address) -> Quantity | None:
        """The quantity of an address; None where it is not there or has no single value with a unit."""
        values = self.values(address)
        return Quantity.parse(values[0]) if values is not None and len(values) == 1 and "*" in values[0] else None

    @property
    def time(self) -> Stamp | None:
        """When it was made."""
        values = self.values(_TIME)
        return None if values is None else Stamp.parse(values[0])

    @property
    def version(self) -> str | None:
        """The version of the layout that it claims."""
        return next((values[0] for address in _VERSIONS if (values := self.values(address))), None)

    @property
    def tariff(self) -> int | None:
        """The tariff that it shows."""
        values = self.values(_TARIFF)
        return None if values is None else int(number_of(values[0]))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The long power failures that it tells of."""
        values = self.values(_FAILURE_LOG)
        return () if values is None else failures_of(values)

    @property
    def sub_meters(self) -> dict[int, SubMeterReading]:
        """Channel -> reading of the meter behind it."""
        return {line.address.b: sub_meter_of(line.values) for line in self.lines if _is_sub_meter_reading(line)}

    def text(self, address: Address) -> str | None:
        """A text that stands there in hexadecimal digits."""
        values = self.values(address)
        return None if values is None else text_of(values[0])


def _texts(octets: bytes) -> list[str]:
    if not octets.endswith(b"\r\n"):
        raise DecodeError("the last line does not end with CR LF")
    try:
        texts = octets[:-2].decode("ascii").split("\r\n")
    except UnicodeDecodeError as error:
        raise DecodeError(f"octet {error.start} is {octets[error.start]:#04x}, no ASCII character") from error
    for number, text in enumerate(texts, start=1):
        wrong = next((one for one in text if not one.isprintable()), None)
        if wrong is not None:
            raise DecodeError(f"line {number} has the control character {ord(wrong):#04x}")
    if len(texts) < _FEWEST_LINES or not texts[-1].startswith("!"):
        raise DecodeError("there is no line with data, or the last one does not begin with an exclamation mark")
    return texts


def _checksum(octets: bytes, last: str, *, due: bool) -> int | None:
    told = last[1:]
    if not due:
        if told:
            raise DecodeError(f"{told!r} follows the exclamation mark where nothing is due")
        return None
    if not _CHECKSUM.fullmatch(told):
        raise DecodeError(f"the checksum is {told!r}; due are four hexadecimal digits with capital letters")
    covered = octets[: len(octets) - len(told) - 2]
    computed = crc16(covered)
    if int(told, 16) != computed:
        raise DecodeError(f"the checksum is {told}, that of the octets is {computed:04X}")
    return computed


def _is_sub_meter_reading(line: DataLine) -> bool:
    address = line.address
    reading = (address.d, address.e) in _SUB_METER_READINGS
    of_sub_meter = address.a == 0 and address.b > 0 and address.c == _SUB_METER_GROUP and reading
    return of_sub_meter and not has_no_reading(line.values)


def _is_measured(address: Address) -> bool:
    """Whether the line has a power, a current, a voltage or an energy: what always has a unit."""
    measured = address.c < _GROUPS_END and address.c % _PHASES_APART in _WITH_UNIT
    return address.a == 1 and address.b == 0 and measured and address.d in (_CURRENT, _ENERGY)


def _check_values(line: DataLine) -> None:
    """Raise where a line that has a meaning of its own has other values than that."""
    address = line.address
    if address == _TIME:
        if len(line.values) != 1:
            raise DecodeError(f"a time has one value, not {len(line.values)}")
        if Stamp.parse(line.values[0]).summer is None:
            raise DecodeError(f"{line.values[0]!r} has neither S nor W behind it")
    elif address == _TARIFF:
        if len(line.values) != 1 or not line.values[0].isdecimal():
            raise DecodeError(f"{line.values} is no tariff")
    elif address == _FAILURE_LOG:
        failures_of(line.values)
    elif _is_sub_meter_reading(line):
        sub_meter_of(line.values)
    elif _is_measured(address):
        if len(line.values) != 1:
            raise DecodeError(f"a quantity has one value, not {len(line.values)}")
        Quantity.parse(line.values[0])
