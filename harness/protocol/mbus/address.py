"""Secondary addresses: who a slave is, with wildcards for a search."""

from dataclasses import dataclass
from typing import Final, Self

from harness.errors import DecodeError

__all__ = ["SECONDARY_OCTETS", "SecondaryAddress", "manufacturer_from_bytes", "manufacturer_to_bytes"]

SECONDARY_OCTETS: Final = 8
_DIGITS: Final = 8
_ANY_MANUFACTURER: Final = b"\xff\xff"
_ANY: Final = 0xFF
_LETTER_BITS: Final = 5
_LETTER_BASE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondaryAddress:
    """Identification number, manufacturer, version and medium; what is None or ``F`` matches everything."""

    identification: str = "F" * _DIGITS
    """Eight decimal digits, ``F`` for any."""
    manufacturer: str | None = None
    """Three capital letters, or four hexadecimal digits where they are no letters."""
    version: int | None = None
    medium: int | None = None

    def to_bytes(self) -> bytes:
        """Return the eight octets of a selection."""
        if len(self.identification) != _DIGITS:
            raise ValueError(f"identification {self.identification!r}: {_DIGITS} digits are due")
        manufacturer = _ANY_MANUFACTURER if self.manufacturer is None else manufacturer_to_bytes(self.manufacturer)
        version = _ANY if self.version is None else self.version
        medium = _ANY if self.medium is None else self.medium
        return bytes.fromhex(self.identification)[::-1] + manufacturer + bytes((version, medium))

    @classmethod
    def from_bytes(cls, octets: bytes) -> Self:
        """Decode the first eight octets of a long header; DecodeError for a wrong length or digit."""
        if len(octets) != SECONDARY_OCTETS:
            raise DecodeError(f"a secondary address of {len(octets)} octets", len(octets))
        identification = octets[3::-1].hex().upper()
        if not set(identification) <= set("0123456789F"):
            raise DecodeError(f"identification number {identification} is no decimal number", 0)
        return cls(
            identification=identification,
            manufacturer=manufacturer_from_bytes(octets[4:6]),
            version=octets[6],
            medium=octets[7],
        )

    def matches(self, one: "SecondaryAddress") -> bool:
        """Whether a slave of that address is meant by this one."""
        digits = all(
            wanted in ("F", digit) for wanted, digit in zip(self.identification, one.identification, strict=True)
        )
        pairs = (
            (self.manufacturer, one.manufacturer),
            (self.version, one.version),
            (self.medium, one.medium),
        )
        return digits and all(wanted is None or wanted == is_ for wanted, is_ in pairs)

    def __str__(self) -> str:
        parts = (
            self.identification,
            self.manufacturer or "any manufacturer",
            "any version" if self.version is None else f"version {self.version}",
            "any medium" if self.medium is None else f"medium {self.medium}",
        )
        return " ".join(parts)


def manufacturer_to_bytes(name: str) -> bytes:
    """Return the two octets of three letters, or of four hexadecimal digits; ValueError for anything else."""
    if len(name) == 4:
        return bytes.fromhex(name)[::-1]
    if len(name) != 3 or not all("A" <= letter <= "Z" for letter in name):
        raise ValueError(f"manufacturer {name!r}: three capital letters or four hexadecimal digits are due")
    number = 0
    for letter in name:
        number = number << _LETTER_BITS | ord(letter) - _LETTER_BASE
    return number.to_bytes(2, "little")


def manufacturer_from_bytes(octets: bytes) -> str:
    """Return the letters, or four hexadecimal digits where the number stands for none."""
    number = int.from_bytes(octets, "little")
    letters = [(number >> shift & 0x1F) + _LETTER_BASE for shift in (10, 5, 0)]
    if number >> 15 == 0 and all(ord("A") <= letter <= ord("Z") for letter in letters):
        return "".join(map(chr, letters))
    return f"{number:04X}"
