"""Firmware images: how they are built and signed, and what is running.

======================= ==========================================================
octets                  meaning
======================= ==========================================================
4                       ``CFMI``
1                       part: 1 legally relevant, 2 application
1, then so many         firmware identifier
any                     program
32, at the end          HMAC-SHA-256 of all octets before, with the maker's key
======================= ==========================================================
"""

import hashlib
import hmac
from dataclasses import dataclass

__all__ = ["APPLICATION", "LEGALLY_RELEVANT", "FirmwareImage", "build_image", "parse_image"]

LEGALLY_RELEVANT, APPLICATION = 1, 2

_MAGIC = b"CFMI"
_SIGNATURE_OCTETS = 32
_HEAD_OCTETS = len(_MAGIC) + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareImage:
    """An image whose signature is right."""

    part: int
    firmware_id: bytes
    signature: bytes


def build_image(*, part: int, firmware_id: bytes, program: bytes, key: bytes) -> bytes:
    """Build and sign an image."""
    content = _MAGIC + bytes([part, len(firmware_id)]) + firmware_id + program
    return content + _signature(content, key)


def parse_image(octets: bytes, key: bytes) -> FirmwareImage | None:
    """Take an image apart; None where it is none, or its signature is another one."""
    content, signature = octets[:-_SIGNATURE_OCTETS], octets[-_SIGNATURE_OCTETS:]
    if not hmac.compare_digest(signature, _signature(content, key)):
        return None
    if len(content) < _HEAD_OCTETS or not content.startswith(_MAGIC):
        return None
    part, id_octets = content[len(_MAGIC)], content[len(_MAGIC) + 1]
    firmware_id = content[_HEAD_OCTETS : _HEAD_OCTETS + id_octets]
    if len(firmware_id) != id_octets or part not in (LEGALLY_RELEVANT, APPLICATION):
        return None
    return FirmwareImage(part=part, firmware_id=firmware_id, signature=signature)


def _signature(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)
