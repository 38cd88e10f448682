# SPDX-License-Identifier: GPL-2.0-only
# (this file builds on scapy, which is GPL-2.0-only)
"""Scapy layers of what carries APDUs: the DLMS wrapper, HDLC frames and LLC.

Check sequences and lengths are computed when they are None and kept as given otherwise, so a frame can also be
built wrong on purpose.
"""

from typing import ClassVar

from scapy.fields import (
    BitField,
    ByteField,
    ConditionalField,
    PacketLenField,
    ShortEnumField,
    ShortField,
    X3BytesField,
    XByteField,
    XStrField,
)
from scapy.packet import Packet, Raw

from harness.wire.apdu_layers import apdu_layer
from harness.wire.fields import CheckSequenceField, HdlcAddressField, check_sequence
from harness.wire.names import control_name

__all__ = ["DlmsWrapper", "HdlcFrame", "HdlcParameters", "Llc"]

_LLC_HEADERS = {0xE6E600: "to server", 0xE6E700: "to client"}
_FLAG = 0x7E


class DlmsWrapper(Packet):
    """The eight octets in front of an APDU on TCP and UDP."""

    name = "DLMS wrapper"
    fields_desc: ClassVar = [
        ShortEnumField("version", 1, {1: "version 1"}),
        ShortField("source", 16),
        ShortField("destination", 1),
        ShortField("length", None),
    ]

    def post_build(self, pkt: bytes, pay: bytes) -> bytes:
        """Fill in the length of the APDU."""
        if self.length is None:
            pkt = pkt[:6] + len(pay).to_bytes(2, "big")
        return pkt + pay

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes]:
        """Keep what the length does not cover apart."""
        return s[: self.length], s[self.length :]

    def guess_payload_class(self, payload: bytes) -> type[Packet]:
        """Dispatch on the tag of the APDU."""
        return apdu_layer(payload)


class _LlcHeaderField(X3BytesField):
    def i2repr(self, pkt: Packet | None, x: int) -> str:
        return f"0x{x:06x} ({_LLC_HEADERS.get(x, 'unknown')})"


class Llc(Packet):
    """The three octets in front of an APDU in an HDLC frame."""

    name = "LLC"
    fields_desc: ClassVar = [_LlcHeaderField("header", 0xE6E600)]

    def guess_payload_class(self, payload: bytes) -> type[Packet]:
        """Dispatch on the tag of the APDU."""
        return apdu_layer(payload)


class HdlcParameters(Packet):
    """The negotiated sizes in SNRM and UA, as a row of parameters."""

    name = "HDLC parameters"
    fields_desc: ClassVar = [
        XByteField("format", 0x81),
        XByteField("group", 0x80),
        ByteField("length", 0),
        XStrField("parameters", b""),
    ]


class _ControlField(XByteField):
    def i2repr(self, pkt: Packet | None, x: int) -> str:
        return f"0x{x:02x} ({control_name(x)})"


def _information_layer(octets: bytes) -> Packet:
    """Dissect the information field by its first octets; a later segment stays raw."""
    if octets[:3] in (b"\xe6\xe6\x00", b"\xe6\xe7\x00"):
        return Llc(octets)
    if octets[:2] == b"\x81\x80":
        return HdlcParameters(octets)
    return Raw(octets)


def _information_length(frame: Packet) -> int:
    """Return what the format field leaves for the information: all but header and both check sequences."""
    header = 2 + len(frame.destination) + len(frame.source) + 1
    return max(int(frame.length) - header - 4, 0)


def _has_information(frame: Packet) -> bool:
    """Whether there is an information field: by the length when dissecting, by what was given when building."""
    if frame.original:
        return _information_length(frame) > 0
    return frame.fields.get("information") is not None  # the attribute would ask this function again


class HdlcFrame(Packet):
    """One frame of format type 3, with both flags."""

    name = "HDLC frame"
    fields_desc: ClassVar = [
        XByteField("opening_flag", _FLAG),
        BitField("format_type", 0xA, 4),
        BitField("segmentation", 0, 1),
        BitField("length", None, 11),
        HdlcAddressField("destination", b"\x03"),
        HdlcAddressField("source", b"\x21"),
        _ControlField("control", 0x93),
        ConditionalField(CheckSequenceField("hcs", None), _has_information),
        ConditionalField(
            PacketLenField(
                "information",
                None,  # type: ignore[arg-type]  # scapy's own packets do so for "nothing there"
                _information_layer,
                length_from=_information_length,
            ),
            _has_information,
        ),
        CheckSequenceField("fcs", None),
        XByteField("closing_flag", _FLAG),
    ]

    def post_build(self, pkt: bytes, pay: bytes) -> bytes:
        """Fill in the length, then the header check sequence, then the frame check sequence."""
        octets = bytearray(pkt)
        if self.length is None:
            octets[1:3] = (int.from_bytes(octets[1:3], "big") & 0xF800 | len(octets) - 2).to_bytes(2, "big")
        header_end = 1 + self._header_octets()
        if _has_information(self) and self.hcs is None:
            octets[header_end : header_end + 2] = check_sequence(octets[1:header_end]).to_bytes(2, "little")
        if self.fcs is None:
            octets[-3:-1] = check_sequence(octets[1:-3]).to_bytes(2, "little")
        return bytes(octets) + pay

    def _header_octets(self) -> int:
        return 2 + len(self.destination) + len(self.source) + 1

    def expected_check_sequence(self, field: str) -> int | None:
        """Return what ``hcs`` or ``fcs`` should be in a dissected frame, None for one that is still to be built."""
        octets = self.original
        if not octets:
            return None
        end = 1 + self._header_octets() if field == "hcs" else self.length - 1
        return check_sequence(octets[1:end])
