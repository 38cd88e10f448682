# SPDX-License-Identifier: GPL-2.0-only
# (this file builds on scapy, which is GPL-2.0-only)
"""Scapy layers of APDUs: ACSE as a row of elements, ciphered ones with an opaque rest, and the choice by tag."""

from typing import ClassVar

from scapy.fields import (
    ByteEnumField,
    ByteField,
    IntField,
    PacketListField,
    StrLenField,
    XByteField,
    XStrField,
    XStrLenField,
)
from scapy.packet import Packet, Raw

from harness.wire import names
from harness.wire.fields import AxdrLengthField, BerLengthField
from harness.wire.service_layers import SERVICE_LAYERS

__all__ = ["Acse", "AcseElement", "Ciphered", "Gateway", "GeneralCiphered", "OtherApdu", "apdu_layer"]

_HEADER_OCTETS = 5
"""Security control and invocation counter."""


class _Leaf(Packet):
    """A layer whose left-over octets belong to the one that holds it."""

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes]:
        return b"", s


class AcseElement(_Leaf):
    """One element of an ACSE APDU: tag, length, contents."""

    name = "ACSE element"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0xA1, names.ACSE_ELEMENTS),
        BerLengthField("length", of=lambda element: len(element.contents)),
        XStrLenField("contents", b"", length_from=lambda element: element.length),
    ]


class Acse(Packet):
    """AARQ, AARE, RLRQ or RLRE as a row of elements."""

    name = "ACSE"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0x60, names.APDU_TAGS),
        BerLengthField("length", of=lambda acse: sum(len(bytes(element)) for element in acse.elements)),
        PacketListField("elements", [], AcseElement, length_from=lambda acse: acse.length),
    ]


class Ciphered(Packet):
    """A service-specific ciphered APDU: security header and opaque rest."""

    name = "ciphered APDU"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0xC8, names.APDU_TAGS),
        AxdrLengthField("length", of=lambda apdu: _HEADER_OCTETS + len(apdu.protected)),
        XByteField("security_control", 0x30),
        IntField("invocation_counter", 0),
        XStrLenField("protected", b"", length_from=lambda apdu: max(apdu.length - _HEADER_OCTETS, 0)),
    ]


class GeneralCiphered(Packet):
    """general-glo- or general-ded-ciphering: system title, security header and opaque rest."""

    name = "general ciphered APDU"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0xDB, names.APDU_TAGS),
        AxdrLengthField("title_length", of=lambda apdu: len(apdu.system_title)),
        XStrLenField("system_title", b"", length_from=lambda apdu: apdu.title_length),
        AxdrLengthField("length", of=lambda apdu: _HEADER_OCTETS + len(apdu.protected)),
        XByteField("security_control", 0x30),
        IntField("invocation_counter", 0),
        XStrLenField("protected", b"", length_from=lambda apdu: max(apdu.length - _HEADER_OCTETS, 0)),
    ]


class Gateway(Packet):
    """The prefix of a gateway in front of an APDU."""

    name = "gateway prefix"
    fields_desc: ClassVar = [
        ByteEnumField("tag", 0xE6, names.APDU_TAGS),
        ByteField("network_id", 0),
        AxdrLengthField("address_length"),
        StrLenField("address", b"", length_from=lambda prefix: prefix.address_length),
    ]

    def guess_payload_class(self, payload: bytes) -> type[Packet]:
        """Dispatch on the tag of the APDU behind the prefix."""
        return apdu_layer(payload)


class OtherApdu(Packet):
    """Any other APDU: its tag and opaque octets."""

    name = "xDLMS APDU"
    fields_desc: ClassVar = [ByteEnumField("tag", 0x01, names.APDU_TAGS), XStrField("rest", b"")]


_LAYERS: dict[int, type[Packet]] = {
    **dict.fromkeys((0x60, 0x61, 0x62, 0x63), Acse),
    **dict.fromkeys(names.CIPHERED_TAGS, Ciphered),
    **dict.fromkeys((0xDB, 0xDC), GeneralCiphered),
    **dict.fromkeys((0xE6, 0xE7), Gateway),
    **SERVICE_LAYERS,
}


def apdu_layer(octets: bytes) -> type[Packet]:
    """Return the layer for an APDU by its tag; octets without a known tag stay raw."""
    if not octets or octets[0] not in names.APDU_TAGS:
        return Raw
    return _LAYERS.get(octets[0], OtherApdu)
