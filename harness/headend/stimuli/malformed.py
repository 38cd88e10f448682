"""What a device owes a malformed frame: no answer, no data, or nothing that anybody could demand.

A change may leave a frame or request that is still valid, or that some devices rightly take; such a one is sent, and
what comes back is not judged. What would be more than a read, if a device made sense of it, is never sent at all.
"""

from collections.abc import Collection
from enum import Enum, auto
from typing import Final

from harness.errors import DecodeError
from harness.protocol import apdu as xdlms
from harness.protocol import hdlc
from harness.protocol.wrapper import WrapperReader
from harness.wire.dissection import FrameProtocol
from harness.wire.recipe import Recipe

__all__ = ["Demand", "cannot_be_valid", "carried", "demand_of", "is_harmless"]

_GET = 0xC0
_FLAG_AT: Final = 12
"""Where a plain GET says whether a selection follows."""
_LLC_OCTETS: Final = 3
_RESERVED: Final = range(2, 16)
"""Logical devices that nobody has, unless the declaration says so."""
_CARRIERS: Final = frozenset((0xDB, 0xDC, 0xDD, 0xDF, 0xE0, 0xE6))
"""General ciphering and signing, blocks, gateway: another request may be inside."""
_CHANGING: Final = frozenset(
    {0x06, 0x16, 0xC1, 0xC3, 0xD9}
    | {*range(0x21, 0x60), *range(0xC8, 0xD8)}  # ciphered: a failure to decipher may be counted and logged
    | _CARRIERS
)


class Demand(Enum):
    """What a malformed frame may not bring about."""

    SILENCE = auto()
    """Nobody may answer: the frame is damaged, or is for nobody."""
    NO_DATA = auto()
    """Any error and silence will do, data will not."""
    NOTHING = auto()
    """It may be valid, or valid for some."""


def demand_of(recipe: Recipe, octets: bytes, protocol: FrameProtocol, devices: Collection[int]) -> Demand:
    """Return what is demanded for frame ``octets``; ``devices`` are the upper addresses that there are."""
    match recipe.layer, recipe.field:
        case ("hdlc", "hcs" | "fcs") | ("wrapper", "version"):
            return Demand.SILENCE
        case "hdlc", "destination":
            return Demand.SILENCE if _is_for_nobody(octets, devices) else Demand.NOTHING
        case "apdu", _:
            apdus = [apdu for _, apdu in carried(octets, protocol)]
            judged = len(apdus) == 1 and cannot_be_valid(apdus[0])
            return Demand.NO_DATA if judged else Demand.NOTHING
        case _:
            return Demand.NOTHING


def cannot_be_valid(apdu: bytes) -> bool:
    """Whether no reading of the protocol lets a device answer an APDU with data.

    Octets behind a whole request may be passed over, and any octet but 0 may stand for "a selection follows".
    """
    if not apdu:
        return True
    if apdu[0] != _GET:
        return apdu[0] not in _CARRIERS
    if apdu[1:2] == b"\x01" and len(apdu) > _FLAG_AT and apdu[_FLAG_AT]:
        return False
    return not any(_is_request(apdu[:end]) for end in range(len(apdu), 3, -1))


def is_harmless(octets: bytes, protocol: FrameProtocol, client: int) -> bool:
    """Whether a device that takes every good frame in ``octets`` only reads, and only as ``client``."""
    return all(source == client and not (apdu and apdu[0] in _CHANGING) for source, apdu in carried(octets, protocol))


def _is_request(apdu: bytes) -> bool:
    try:
        xdlms.decode_request(apdu)
    except DecodeError:
        return False
    return True


def carried(octets: bytes, protocol: FrameProtocol) -> list[tuple[int, bytes]]:
    """Return client and APDU of every good frame; those of frames without one are empty."""
    if protocol == "wrapper":
        try:
            frames = WrapperReader().receive_data(octets)
        except DecodeError:
            return []
        return [(frame.source, frame.payload) for frame in frames]
    return [(frame.source[0] >> 1, frame.information[_LLC_OCTETS:]) for frame in _hdlc_frames(octets)]


def _hdlc_frames(octets: bytes) -> list[hdlc.Frame]:
    return [event.frame for event in hdlc.FrameReader().receive_data(octets) if isinstance(event, hdlc.FrameReceived)]


def _is_for_nobody(octets: bytes, devices: Collection[int]) -> bool:
    """Whether the address is illegal, or that of a logical device which does not exist."""
    for frame in _hdlc_frames(octets):
        upper = hdlc.ServerAddress.from_bytes(frame.destination).upper
        if upper not in _RESERVED or upper in devices:
            return False
    return True
