"""Sign-on: request, identification and the choice of protocol, rate and mode.

Encoders raise ``ValueError`` for what the field has no room for, decoders ``DecodeError``.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from harness.errors import DecodeError

__all__ = ["ACK", "NAK", "START_BAUD", "Identification", "Mode", "OptionSelect", "rate_of", "sign_on_request"]

ACK: Final = b"\x06"
NAK: Final = b"\x15"
START_BAUD: Final = 300
"""Rate of every sign-on but that of a door that is declared to begin at another one."""

Mode = Literal["A", "B", "C"]

_RATES_C: Final = {"0": 300, "1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600, "6": 19200}
_RATES_B: Final = {"A": 600, "B": 1200, "C": 2400, "D": 4800, "E": 9600, "F": 19200}
_LONGEST_ADDRESS: Final = 32
_ADDRESS = re.compile(r"[0-9A-Za-z ]*")
_IDENTIFICATION = re.compile(rb"/([A-Za-z]{3})([\x20-\x7E])((?:\\[\x20-\x7E])*)([\x20-\x7E]{0,16})\r\n")
_NOT_IN_NAME: Final = frozenset("/!")
_HDLC_SEQUENCE: Final = "2"
_SELECT = re.compile(rb"\x06([0-9])([0-9])([0-9A-Z])\r\n")


def sign_on_request(address: str = "") -> bytes:
    """Return the request message; an empty address asks whatever device hears it."""
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise ValueError(f"a device address has up to {_LONGEST_ADDRESS} letters, digits and spaces, not {address!r}")
    return f"/?{address}!\r\n".encode("ascii")


def rate_of(character: str) -> int | None:
    """Return the rate in baud that a rate character of mode B or C offers; None for one of mode A."""
    return _RATES_C.get(character) or _RATES_B.get(character)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """Who answers, and what it can do."""

    manufacturer: str
    """Three letters; a lower case third one announces a reaction time of 20 ms."""
    rate: str
    """The rate character."""
    name: str
    """Up to 16 characters; what stands behind the sequences."""
    sequences: tuple[str, ...] = ()
    """The characters after each backslash, e.g. ``2``."""

    @property
    def mode(self) -> Mode:
        """A knows one rate, B changes by itself, C asks which."""
        if self.rate in _RATES_C:
            return "C"
        return "B" if self.rate in _RATES_B else "A"

    @property
    def baud(self) -> int:
        """The highest rate that is offered."""
        return rate_of(self.rate) or START_BAUD

    @property
    def speaks_hdlc(self) -> bool:
        """Whether it announces the switch to HDLC."""
        return self.mode == "C" and _HDLC_SEQUENCE in self.sequences

    @property
    def shortest_reaction_s(self) -> float:
        """How long it may not answer, and wants nobody to answer it, in seconds."""
        return 0.02 if self.manufacturer[2].islower() else 0.2

    def to_bytes(self) -> bytes:
        """Return the identification message."""
        sequences = "".join(f"\\{character}" for character in self.sequences)
        octets = f"/{self.manufacturer}{self.rate}{sequences}{self.name}\r\n".encode("ascii")
        if Identification.from_bytes(octets) != self:
            raise ValueError(f"{self} cannot be told from another identification")
        return octets

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Identification":
        """Decode exactly one identification message."""
        found = _IDENTIFICATION.fullmatch(octets)
        if found is None:
            raise DecodeError("no identification: / three letters, rate, name of up to 16 characters, CR LF")
        manufacturer, rate, sequences, name = (part.decode("ascii") for part in found.groups())
        if rate in _NOT_IN_NAME or _NOT_IN_NAME & set(name):
            raise DecodeError("an identification has / or ! inside")
        return cls(manufacturer=manufacturer, rate=rate, sequences=tuple(sequences[1::2]), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSelect:
    """The acknowledgement that chooses: also what a device repeats before HDLC begins."""

    protocol: Literal["0", "1", "2"]
    """0 as in this standard, 1 the secondary one, 2 HDLC."""
    rate: str
    """One rate character of mode C."""
    mode: str
    """0 data readout, 1 programming, 2 binary; others are the manufacturer's."""

    def to_bytes(self) -> bytes:
        """Return the option select message."""
        octets = ACK + f"{self.protocol}{self.rate}{self.mode}\r\n".encode("ascii")
        if not _SELECT.fullmatch(octets) or self.protocol not in ("0", "1", "2") or self.rate not in _RATES_C:
            raise ValueError(f"{self} is no option select message")
        return octets

    @classmethod
    def from_bytes(cls, octets: bytes) -> "OptionSelect":
        """Decode exactly one option select message."""
        found = _SELECT.fullmatch(octets)
        if found is None:
            raise DecodeError("no option select: ACK, protocol, rate, mode, CR LF")
        protocol, rate, mode = (part.decode("ascii") for part in found.groups())
        if rate not in _RATES_C or protocol not in ("0", "1", "2"):
            raise DecodeError(f"option select with protocol {protocol} and rate {rate}")
        return cls(protocol=protocol, rate=rate, mode=mode)  # type: ignore[arg-type]  # checked above
