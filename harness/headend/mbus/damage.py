"""Frames that no slave may answer, made of a good request."""

from collections.abc import Callable, Mapping
from typing import Final

__all__ = ["DAMAGES", "LONG_ONLY", "damaged"]

_LENGTH, _SECOND_LENGTH, _SECOND_START = 1, 2, 3


def _changed(octets: bytes, at: int, change: Callable[[int], int]) -> bytes:
    at %= len(octets)
    return octets[:at] + bytes((change(octets[at]) & 0xFF,)) + octets[at + 1 :]


DAMAGES: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "wrong checksum": lambda octets: _changed(octets, -2, lambda one: one + 1),
    "inverted checksum": lambda octets: _changed(octets, -2, lambda one: ~one),
    "wrong stop": lambda octets: _changed(octets, -1, lambda one: one ^ 0x01),
    "no stop": lambda octets: octets[:-1],
    "wrong start": lambda octets: _changed(octets, 0, lambda one: one ^ 0x02),
    "first length too large": lambda octets: _changed(octets, _LENGTH, lambda one: one + 1),
    "second length too small": lambda octets: _changed(octets, _SECOND_LENGTH, lambda one: one - 1),
    "wrong second start": lambda octets: _changed(octets, _SECOND_START, lambda one: one ^ 0x01),
    "cut in the middle": lambda octets: octets[: len(octets) // 2],
    "noise in front": lambda octets: b"\x55\xaa\x00" + octets,
    "noise behind": lambda octets: octets + b"\x55\xaa\x00",
}
"""Name -> what becomes of the octets."""
LONG_ONLY: Final = frozenset({"first length too large", "second length too small", "wrong second start"})
"""Those that need a long frame."""


def damaged(octets: bytes, how: str) -> bytes:
    """Return the frame spoilt in a named way."""
    return DAMAGES[how](octets)
