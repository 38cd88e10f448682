# SPDX-License-Identifier: GPL-2.0-only
# (this file builds on scapy, which is GPL-2.0-only)
"""Frames that are wrong on purpose: a good frame, a recipe that says what to spoil, and the frame that comes of it.

What lies below the spoilt layer (lengths, check sequences) is made right again, so that the frame gets as far as
that layer. What lies above it stays as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scapy.fields import Field, _FieldContainer
from scapy.packet import NoPayload, Packet, Raw

from harness.wire.apdu_layers import Acse
from harness.wire.dissection import FrameProtocol, dissect
from harness.wire.frame_layers import DlmsWrapper, HdlcFrame, Llc
from harness.wire.recipe import Recipe, spoilt

__all__ = ["Forged", "forge"]

_FRAMES: dict[FrameProtocol, type[Packet]] = {"wrapper": DlmsWrapper, "hdlc": HdlcFrame}
_COMPUTED: dict[FrameProtocol, tuple[str, ...]] = {"wrapper": ("length",), "hdlc": ("length", "hcs", "fcs")}
_AnyField = Field[Any, Any] | _FieldContainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Forged:
    """A frame as a recipe has made it."""

    octets: bytes
    command: str
    """A scapy expression for exactly these octets, after ``from harness.wire.layers import *``."""
    tree: str
    """The frame as scapy dissects it, as far as it can."""


def forge(frame: bytes, protocol: FrameProtocol, recipe: Recipe) -> Forged | None:
    """Return ``frame`` spoilt as ``recipe`` says; None where it has no such layer or field, or nothing changes."""
    built = _on_the_line(frame, recipe) if recipe.layer == "line" else _rebuilt(frame, protocol, recipe)
    if built is None:
        return None
    octets = bytes(built)
    if octets == frame:
        return None
    return Forged(octets=octets, command=f"bytes({built.command()})", tree=dissect(octets, protocol))


def _on_the_line(frame: bytes, recipe: Recipe) -> Packet | None:
    octets = spoilt(frame, recipe)
    return None if octets is None else Raw(load=octets)


def _rebuilt(frame: bytes, protocol: FrameProtocol, recipe: Recipe) -> Packet | None:
    outer = _fresh(_FRAMES[protocol](frame))
    if recipe.layer == protocol:
        for name in _COMPUTED[protocol]:
            if name != recipe.field and name in outer.fields:
                outer.setfieldval(name, None)
        return outer if _spoil_field(outer, recipe) else None
    for name in _COMPUTED[protocol]:
        if name in outer.fields:
            outer.setfieldval(name, None)
    return outer if _spoil_above(outer, protocol, recipe) else None


def _spoil_above(outer: Packet, protocol: FrameProtocol, recipe: Recipe) -> bool:
    """Spoil LLC or APDU inside a frame; False where there is none."""
    holder = outer if protocol == "wrapper" else outer.fields.get("information")
    if holder is None or (protocol == "hdlc" and not isinstance(holder, Llc)):
        return False
    if recipe.layer == "llc":
        return protocol == "hdlc" and _spoil_field(holder, recipe)
    apdu = holder.payload
    if recipe.layer == "apdu" and not isinstance(apdu, NoPayload):
        return _spoil_layer(apdu, recipe, _as_payload(holder))
    if recipe.layer == "element" and isinstance(apdu, Acse) and apdu.elements:
        return _spoil_element(apdu, recipe)
    return False


def _as_payload(holder: Packet) -> Callable[[Packet], None]:
    def put(layer: Packet) -> None:
        holder.remove_payload()
        holder.add_payload(layer)

    return put


def _spoil_layer(layer: Packet, recipe: Recipe, put: Callable[[Packet], None]) -> bool:
    """Spoil a field of a layer, or the octets of the whole layer."""
    if recipe.field != "octets":
        return _spoil_field(layer, recipe)
    octets = spoilt(bytes(layer), recipe)
    if octets is None:
        return False
    put(Raw(load=octets))
    return True


def _spoil_element(acse: Acse, recipe: Recipe) -> bool:
    """Spoil one element of an ACSE APDU; the lengths around it fit where the recipe says so."""
    elements = acse.elements
    at = recipe.index % len(elements)
    if recipe.fit:
        acse.setfieldval("length", None)
        elements[at].setfieldval("length", None)
    if recipe.field != "element":
        return _spoil_field(elements[at], recipe)
    match recipe.mutation:
        case "remove":
            acse.setfieldval("elements", elements[:at] + elements[at + 1 :])
        case "double":
            acse.setfieldval("elements", [*elements[:at], elements[at], *elements[at:]])
        case "swap":
            acse.setfieldval("elements", [*elements[at + 1 :], *elements[: at + 1]])
        case _:
            return False
    return True


def _spoil_field(layer: Packet, recipe: Recipe) -> bool:
    """Put another value into a field that is there; False where there is none of that name."""
    fields = {field.name: field for field in layer.fields_desc}
    field = fields.get(recipe.field)
    if field is None or recipe.field not in layer.fields:
        return False
    value = layer.getfieldval(recipe.field)
    if isinstance(value, bytes):
        octets = spoilt(value, recipe)
        if octets is None:
            return False
        layer.setfieldval(recipe.field, octets)
        return True
    if not isinstance(value, int):
        return False
    bits = _width_bits(field)
    number = value ^ recipe.number if recipe.mutation == "flip" else recipe.number
    layer.setfieldval(recipe.field, number & ((1 << bits) - 1))
    return True


def _width_bits(field: _AnyField) -> int:
    """Return how many bits a number in this field may have; lengths of BER and A-XDR take up to four octets."""
    size = getattr(field, "size", None)  # of bit fields only, in bits
    if isinstance(size, int):
        return size
    return {"B": 8, "H": 16, ">H": 16, "!H": 16, "<H": 16, "I": 32, "!I": 32, ">I": 32}.get(_format_of(field), 8)


def _format_of(field: _AnyField) -> str:
    inner = getattr(field, "fld", field)
    if hasattr(inner, "max_octets"):
        return "I"
    return str(inner.fmt)


def _fresh(packet: Packet) -> Packet:
    """Return a packet with the same fields that remembers no octets it was dissected from."""
    fields: dict[str, Any] = {}
    for name, value in packet.fields.items():
        if isinstance(value, Packet):
            fields[name] = _fresh(value)
        elif isinstance(value, list):
            fields[name] = [_fresh(one) if isinstance(one, Packet) else one for one in value]
        else:
            fields[name] = value
    fresh = type(packet)(**fields)
    if not isinstance(packet.payload, NoPayload):
        fresh.add_payload(_fresh(packet.payload))
    return fresh
