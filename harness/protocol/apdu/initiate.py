"""InitiateRequest and InitiateResponse: what client and server can do and take."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.reader import Reader, push_octets
from harness.protocol.apdu.tags import INITIATE_REQUEST_TAG, INITIATE_RESPONSE_TAG

__all__ = ["DLMS_VERSION", "LOGICAL_NAME_VAA", "Conformance", "InitiateRequest", "InitiateResponse"]

DLMS_VERSION: Final = 6
LOGICAL_NAME_VAA: Final = 0x0007
"""vaa-name of a server that is addressed by logical names."""

_CONFORMANCE_HEAD: Final = bytes.fromhex("5F1F 04 00")
_CONFORMANCE_OCTETS: Final = 3


class Conformance(IntFlag):
    """Services and features; bit 0 of the standard is the most significant of 24."""

    GENERAL_PROTECTION = 1 << 22
    GENERAL_BLOCK_TRANSFER = 1 << 21
    READ = 1 << 20
    WRITE = 1 << 19
    UNCONFIRMED_WRITE = 1 << 18
    DELTA_VALUE_ENCODING = 1 << 17
    ATTRIBUTE0_SET = 1 << 15
    PRIORITY = 1 << 14
    ATTRIBUTE0_GET = 1 << 13
    BLOCK_GET = 1 << 12
    BLOCK_SET = 1 << 11
    BLOCK_ACTION = 1 << 10
    MULTIPLE_REFERENCES = 1 << 9
    INFORMATION_REPORT = 1 << 8
    DATA_NOTIFICATION = 1 << 7
    ACCESS = 1 << 6
    PARAMETERIZED_ACCESS = 1 << 5
    GET = 1 << 4
    SET = 1 << 3
    SELECTIVE_ACCESS = 1 << 2
    EVENT_NOTIFICATION = 1 << 1
    ACTION = 1

    @classmethod
    def named(cls, names: Iterable[str]) -> "Conformance":
        """Return the bits with these names (``BLOCK_GET``); an unknown one is a ``ValueError``."""
        conformance = cls(0)
        for name in names:
            if name not in cls.__members__:
                raise ValueError(f"{name} is no conformance bit; allowed are {', '.join(cls.__members__)}")
            conformance |= cls[name]
        return conformance

    @classmethod
    def from_octets(cls, octets: bytes) -> "Conformance":
        """Read the three octets of the bit string; the two reserved bits are kept."""
        if len(octets) != _CONFORMANCE_OCTETS:
            raise DecodeError(f"conformance of {len(octets)} octets")
        return cls(int.from_bytes(octets, "big"))

    def to_octets(self) -> bytes:
        """Return the three octets of the bit string."""
        return int(self).to_bytes(_CONFORMANCE_OCTETS, "big")

    def describe(self) -> str:
        """Return the names of the bits that are set, reserved ones by their number in the standard."""
        names = [name for name, member in type(self).__members__.items() if member in self]
        known = sum(type(self).__members__.values())
        names += [f"reserved bit {bit}" for bit in range(24) if self & ~known & (1 << (23 - bit))]
        return ", ".join(names).lower().replace("_", "-") or "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiateRequest:
    """What the client proposes; it travels as user-information of the AARQ."""

    dedicated_key: bytes | None = field(default=None, repr=False)
    """Key of this association alone."""
    response_allowed: bool = True
    quality_of_service: int | None = None
    dlms_version: int = DLMS_VERSION
    conformance: Conformance
    client_max_receive_pdu_size: int
    """Octets of the longest APDU that the client takes; 0 is no limit."""

    @classmethod
    def from_bytes(cls, octets: bytes) -> "InitiateRequest":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, INITIATE_REQUEST_TAG)
        request = cls(
            dedicated_key=reader.octet_string() if reader.choice() else None,
            response_allowed=reader.boolean() if reader.choice() else True,
            quality_of_service=reader.signed8() if reader.choice() else None,
            dlms_version=reader.unsigned(1),
            conformance=_pull_conformance(reader),
            client_max_receive_pdu_size=reader.unsigned(2),
        )
        reader.end()
        return request

    def to_bytes(self) -> bytes:
        """Encode it; a response that is allowed, the default, is not spelt out."""
        return b"".join(
            (
                bytes((INITIATE_REQUEST_TAG,)),
                b"\x00" if self.dedicated_key is None else b"\x01" + push_octets(self.dedicated_key),
                b"\x00" if self.response_allowed else b"\x01\x00",
                _push_quality(self.quality_of_service),
                bytes((self.dlms_version,)),
                _CONFORMANCE_HEAD,
                self.conformance.to_octets(),
                self.client_max_receive_pdu_size.to_bytes(2, "big"),
            )
        )

    def describe(self) -> str:
        """Return one line for people; the dedicated key is not in it."""
        key = "no dedicated key" if self.dedicated_key is None else "with dedicated key"
        return (
            f"initiate-request: version {self.dlms_version}, at most {self.client_max_receive_pdu_size} octets, "
            f"{key}, {self.conformance.describe()}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiateResponse:
    """What the server agrees to; it travels as user-information of the AARE."""

    quality_of_service: int | None = None
    dlms_version: int = DLMS_VERSION
    conformance: Conformance
    server_max_receive_pdu_size: int
    """Octets of the longest APDU that the server takes; 0 is no limit."""
    vaa_name: int = LOGICAL_NAME_VAA

    @classmethod
    def from_bytes(cls, octets: bytes) -> "InitiateResponse":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, INITIATE_RESPONSE_TAG)
        response = cls(
            quality_of_service=reader.signed8() if reader.choice() else None,
            dlms_version=reader.unsigned(1),
            conformance=_pull_conformance(reader),
            server_max_receive_pdu_size=reader.unsigned(2),
            vaa_name=reader.unsigned(2),
        )
        reader.end()
        return response

    def to_bytes(self) -> bytes:
        """Encode it."""
        return b"".join(
            (
                bytes((INITIATE_RESPONSE_TAG,)),
                _push_quality(self.quality_of_service),
                bytes((self.dlms_version,)),
                _CONFORMANCE_HEAD,
                self.conformance.to_octets(),
                self.server_max_receive_pdu_size.to_bytes(2, "big"),
                self.vaa_name.to_bytes(2, "big"),
            )
        )

    def describe(self) -> str:
        """Return one line for people."""
        return (
            f"initiate-response: version {self.dlms_version}, at most {self.server_max_receive_pdu_size} octets, "
            f"vaa-name {self.vaa_name:04X}, {self.conformance.describe()}"
        )


def _pull_conformance(reader: Reader) -> Conformance:
    offset = reader.offset
    head = reader.take(len(_CONFORMANCE_HEAD))
    if head != _CONFORMANCE_HEAD:
        raise DecodeError(f"conformance begins {head.hex(' ')}, due is {_CONFORMANCE_HEAD.hex(' ')}", offset)
    return Conformance.from_octets(reader.take(_CONFORMANCE_OCTETS))


def _push_quality(quality_of_service: int | None) -> bytes:
    if quality_of_service is None:
        return b"\x00"
    return b"\x01" + quality_of_service.to_bytes(1, "big", signed=True)
