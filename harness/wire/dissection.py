# SPDX-License-Identifier: GPL-2.0-only
# (this file builds on scapy, which is GPL-2.0-only)
"""Dissection trees for readers, and scapy's reading of a frame to compare with the harness's own.

Neither ever gives a verdict: scapy takes a body that is shorter than its length field without complaint.
"""

from dataclasses import dataclass
from typing import Literal

from scapy.packet import NoPayload, Packet, Raw

from harness.wire.frame_layers import DlmsWrapper, HdlcFrame, Llc

__all__ = ["FrameProtocol", "SecondOpinion", "dissect", "packet_of", "second_opinion"]

FrameProtocol = Literal["wrapper", "hdlc"]

_SHORTEST = {"wrapper": 8, "hdlc": 7}
_FLAG = b"\x7e"
_LAYERS = {"wrapper": DlmsWrapper, "hdlc": HdlcFrame}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """What scapy reads in a frame."""

    length_octets: int
    """The frame's own length field: APDU of a wrapper, everything between the flags of an HDLC frame."""
    source: bytes
    destination: bytes
    """Addresses as their octets on the wire."""
    apdu_tag: int | None
    """First octet of the APDU; None where the frame carries none or a later segment."""
    check_sequences_good: bool | None
    """None for the wrapper, which has none."""


def dissect(frame: bytes, protocol: FrameProtocol) -> str:
    """Return the tree of one frame as text; octets that are no frame come back as hex with a line saying so."""
    packet = packet_of(frame, protocol)
    if packet is None:
        return f"{len(frame)} octets that are no whole {protocol} frame:\n{frame.hex(' ')}\n"
    try:
        return packet.show(dump=True) or ""
    except Exception as error:  # a tree is an aid for readers; whatever scapy stumbles over must not cost a verdict
        return f"scapy cannot show this {protocol} frame ({type(error).__name__}):\n{frame.hex(' ')}\n"


def second_opinion(frame: bytes, protocol: FrameProtocol) -> SecondOpinion | None:
    """Return scapy's reading of ``frame``, or None where it cannot make one out."""
    packet = packet_of(frame, protocol)
    if packet is None:
        return None
    if protocol == "wrapper":
        payload = packet.payload
        return SecondOpinion(
            length_octets=packet.length,
            source=packet.source.to_bytes(2, "big"),
            destination=packet.destination.to_bytes(2, "big"),
            apdu_tag=_first_octet(payload),
            check_sequences_good=None,
        )
    information = packet.information
    return SecondOpinion(
        length_octets=packet.length,
        source=packet.source,
        destination=packet.destination,
        apdu_tag=_first_octet(information.payload) if isinstance(information, Llc) else None,
        check_sequences_good=packet.fcs == packet.expected_check_sequence("fcs")
        and (information is None or packet.hcs == packet.expected_check_sequence("hcs")),
    )


def packet_of(frame: bytes, protocol: FrameProtocol) -> Packet | None:
    """Return a frame as scapy reads it, None for octets that are no whole frame; flags that are missing are added."""
    if protocol not in _LAYERS:
        raise ValueError(f"no layers for {protocol!r}; there are {', '.join(_LAYERS)}")
    if len(frame) < _SHORTEST[protocol]:
        return None
    if protocol == "hdlc":
        frame = _with_both_flags(frame)
    try:
        return _LAYERS[protocol](frame)
    except Exception:  # scapy raises what it meets on garbage (struct.error, IndexError, ValueError and more)
        return None


def _with_both_flags(frame: bytes) -> bytes:
    """Complete a frame that shared a flag with its neighbour."""
    opening = b"" if frame.startswith(_FLAG) else _FLAG
    return opening + frame + (b"" if frame.endswith(_FLAG) else _FLAG)


def _first_octet(layer: Packet) -> int | None:
    if isinstance(layer, NoPayload):
        return None
    octets = bytes(layer.load if isinstance(layer, Raw) else layer)
    return octets[0] if octets else None
