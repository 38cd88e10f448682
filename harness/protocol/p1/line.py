"""One line of a telegram: an address and values in brackets."""

import re
from dataclasses import dataclass
from typing import Final, Self

from harness.errors import DecodeError

__all__ = ["Address", "DataLine"]

_NUMBER = "(0|[1-9][0-9]{0,2})"
_ADDRESS: Final = re.compile(rf"{_NUMBER}-{_NUMBER}:{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:[*.]{_NUMBER})?")
_VALUE: Final = re.compile(r"\(([^()]*)\)")
_LARGEST: Final = 255


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A-B:C.D.E, and F where the line names it."""

    a: int
    b: int
    c: int
    d: int
    e: int
    f: int = _LARGEST

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address; DecodeError for anything else."""
        found = _ADDRESS.fullmatch(text)
        numbers = [] if found is None else [int(number) for number in found.groups() if number is not None]
        if not numbers or max(numbers) > _LARGEST:
            raise DecodeError(f"{text!r} is no address A-B:C.D.E")
        return cls(*numbers)

    @property
    def obis(self) -> str:
        """The six numbers with dots, as DLMS declarations have them."""
        return f"{self.a}.{self.b}.{self.c}.{self.d}.{self.e}.{self.f}"

    def __str__(self) -> str:
        return f"{self.a}-{self.b}:{self.c}.{self.d}.{self.e}" + ("" if self.f == _LARGEST else f"*{self.f}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLine:
    """An address with its values, as they stand between the brackets."""

    address: Address
    values: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a line without its end; DecodeError says what is wrong."""
        head, bracket, _ = text.partition("(")
        if not bracket:
            raise DecodeError(f"{text!r} has no value in brackets")
        return cls(address=Address.parse(head), values=values_of(text[len(head) :]))

    def continued(self, text: str) -> "DataLine":
        """The same line with the values of a line that has no address of its own."""
        return DataLine(address=self.address, values=(*self.values, *values_of(text)))


def values_of(text: str) -> tuple[str, ...]:
    """Read values in brackets, nothing beside them."""
    values = tuple(_VALUE.findall(text))
    if "".join(f"({value})" for value in values) != text:
        raise DecodeError(f"{text!r} is no row of values in brackets")
    return values
