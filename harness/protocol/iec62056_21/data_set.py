"""Data sets: ``address(value*unit)``, strictly parsed."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from harness.errors import DecodeError

__all__ = ["DataSet", "parse_data_sets", "parse_readout"]

_SET = re.compile(r"([^()*/!\r\n]*(?:\*[0-9]{1,3})?)\(([^()*/!\r\n]*)(?:\*([^()/!\r\n]*))?\)")
_LONGEST: Final = {"address": 16, "value": 128, "unit": 16}
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One value with its identification and unit, as text."""

    address: str
    """Empty where the value belongs to what was asked, or to the set before it."""
    value: str
    unit: str | None = None

    @property
    def number(self) -> Decimal:
        """The value as a number; ``DecodeError`` where it is none."""
        if not _NUMBER.fullmatch(self.value):
            raise DecodeError(f"{self.address or 'the value'} is no number: {self.value!r}")
        try:
            return Decimal(self.value)
        except InvalidOperation as error:
            raise DecodeError(f"{self.value!r} is no number") from error

    @property
    def resolution(self) -> Decimal:
        """The weight of the last digit."""
        return Decimal(1).scaleb(-len(self.value.partition(".")[2]))

    def to_text(self) -> str:
        """Return the data set as it stands in a message."""
        return f"{self.address}({self.value}{'' if self.unit is None else f'*{self.unit}'})"


def parse_data_sets(text: str) -> tuple[DataSet, ...]:
    """Return the data sets of ``text``, which holds nothing else."""
    sets: list[DataSet] = []
    at = 0
    while at < len(text):
        found = _SET.match(text, at)
        if found is None:
            raise DecodeError(f"no data set: {text[at : at + 20]!r}", at)
        sets.append(_checked(DataSet(address=found[1], value=found[2], unit=found[3]), at))
        at = found.end()
    return tuple(sets)


def parse_readout(text: str) -> tuple[DataSet, ...]:
    """Return all data sets of a readout: lines that end with CR LF, the last of them an exclamation mark."""
    lines = text.split("\r\n")
    if lines[-2:] != ["!", ""]:
        raise DecodeError("a readout ends with ! CR LF", len(text))
    sets: list[DataSet] = []
    for line in lines[:-2]:
        if not line:
            raise DecodeError("an empty line in a readout")
        if line.startswith("("):
            raise DecodeError(f"a line that begins without an address: {line!r}")
        sets += parse_data_sets(line)
    return tuple(sets)


def _checked(one: DataSet, at: int) -> DataSet:
    for part, longest in _LONGEST.items():
        if len(getattr(one, part) or "") > longest:
            raise DecodeError(f"{part} longer than {longest} characters", at)
    return one
