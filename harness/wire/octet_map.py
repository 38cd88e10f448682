# SPDX-License-Identifier: GPL-2.0-only
# (this file builds on scapy, which is GPL-2.0-only)
"""Which octets of a frame or an APDU are which field: what a dissection tree says, with places.

For readers only; it never gives a verdict.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scapy.packet import NoPayload, Packet, Raw

from harness.wire.apdu_layers import apdu_layer
from harness.wire.dissection import FrameProtocol, packet_of

__all__ = ["OctetField", "map_apdu", "map_frame"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OctetField:
    """One field with its place."""

    start: int
    end: int
    """Behind its last octet."""
    layer: str
    name: str
    meaning: str
    """Its value for people."""


def map_frame(frame: bytes, protocol: FrameProtocol) -> tuple[OctetField, ...]:
    """Return the fields of a frame with both its flags, in order; none where the octets are no whole frame."""
    packet = packet_of(frame, protocol)
    return () if packet is None else _mapped(packet, 0)


def map_apdu(octets: bytes) -> tuple[OctetField, ...]:
    """Return the fields of an APDU; none where scapy cannot make it out."""
    try:
        packet = apdu_layer(octets)(octets)
    except Exception:  # scapy raises what it meets on garbage (struct.error, IndexError, ValueError and more)
        return ()
    return _mapped(packet, 0)


def _mapped(packet: Packet, base: int) -> tuple[OctetField, ...]:
    try:
        return tuple(_fields(packet, base))
    except Exception:  # as above: a map is an aid for readers, whatever scapy stumbles over
        return ()


def _fields(packet: Packet, base: int) -> Iterator[OctetField]:
    if isinstance(packet, NoPayload):
        return
    if isinstance(packet, Raw):
        yield OctetField(
            start=base, end=base + len(packet.load), layer="", name="octets", meaning=f"{len(packet.load)} octets"
        )
        return
    octets = packet.original
    rest: Any = octets
    names: list[str] = []
    meanings: list[str] = []
    start = 0
    for field in packet.fields_desc:
        before = rest
        rest, _ = field.getfield(packet, rest)
        end = len(octets) - _left(rest)
        value = packet.getfieldval(field.name)
        if isinstance(value, Packet):
            yield from _fields(value, base + start)
        elif isinstance(value, list):
            yield from _elements(value, base + start)
        elif rest is not before:
            names.append(field.name)
            meanings.append(str(field.i2repr(packet, value)))
            if isinstance(rest, tuple):
                continue  # fields that share octets become one row
            if end > start:
                yield OctetField(
                    start=base + start,
                    end=base + end,
                    layer=str(packet.name),
                    name=", ".join(names),
                    meaning=", ".join(meanings),
                )
            names, meanings = [], []
        start = end
    yield from _fields(packet.payload, base + start)


def _left(rest: Any) -> int:
    """Return how many octets are left; within an octet scapy gives them with the number of bits taken."""
    return len(rest[0] if isinstance(rest, tuple) else rest)


def _elements(packets: list[Packet], base: int) -> Iterator[OctetField]:
    for packet in packets:
        found = tuple(_fields(packet, base))
        yield from found
        base = found[-1].end if found else base
