"""The line between the gateway and one device: sealed frames with a counter and a check sum."""

import hashlib
import zlib
from dataclasses import dataclass
from typing import Literal

from reference_meter.codec.octets import Malformed
from reference_meter.gateway import prefix
from reference_meter.gateway.prefix import Envelope
from reference_meter.security.ciphering import (
    PROTECTION,
    SYSTEM_TITLE_OCTETS,
    CipherKeys,
    Header,
    Undecipherable,
    seal,
    unseal,
)

__all__ = ["CHECK_OCTETS", "COUNTER_OCTETS", "DeviceLine", "Heard", "Trouble"]

CHECK_OCTETS, COUNTER_OCTETS = 4, 4
_KEY_OCTETS = 16
Trouble = Literal["damaged", "undecipherable", "replayed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One frame that came over the device's line."""

    envelope: Envelope | None
    """None for one that cannot be taken, for ``trouble``."""
    in_time: bool
    trouble: Trouble | None = None


class DeviceLine:
    """Both ends of the line of one device."""

    def __init__(self, title: bytes) -> None:
        """``title`` tells the device apart from all others; the keys follow from it."""
        digest = hashlib.sha256(b"line of " + title).digest()
        self.keys = CipherKeys(encryption=digest[:_KEY_OCTETS], authentication=digest[_KEY_OCTETS:])
        self.title = title[-SYSTEM_TITLE_OCTETS:].rjust(SYSTEM_TITLE_OCTETS, b"\0")
        self.sent = 0
        """Counter of the last frame that the device has sent."""
        self.heard = 0
        """Counter of the last frame that the gateway has taken."""

    def send(self, envelope: Envelope, *, own_key: bool = True) -> bytes:
        """The device's end: the next frame, sealed with the key of the line or with another one."""
        self.sent += 1
        keys = self.keys
        if not own_key:
            keys = CipherKeys(encryption=keys.authentication, authentication=keys.encryption)
        sealed = seal(prefix.encode(envelope), self._header(self.sent), keys)
        return checked(self.sent.to_bytes(COUNTER_OCTETS, "big") + sealed)

    def used_up(self) -> bytes:
        """A frame of a counter that is used up."""
        sealed = seal(b"", self._header(0), self.keys)
        return checked(bytes(COUNTER_OCTETS) + sealed)

    def take(self, frame: bytes, *, in_time: bool) -> Heard:
        """The gateway's end: what a frame holds, or what is wrong with it."""
        octets, check = frame[:-CHECK_OCTETS], frame[-CHECK_OCTETS:]
        if checked(octets)[-CHECK_OCTETS:] != check or len(octets) < COUNTER_OCTETS:
            return Heard(envelope=None, in_time=in_time, trouble="damaged")
        counter = int.from_bytes(octets[:COUNTER_OCTETS], "big")
        try:
            plain = self.unsealed(octets)
        except Undecipherable:
            return Heard(envelope=None, in_time=in_time, trouble="undecipherable")
        if counter <= self.heard:
            return Heard(envelope=None, in_time=in_time, trouble="replayed")
        try:
            envelope = prefix.decode(plain)
        except Malformed:
            return Heard(envelope=None, in_time=in_time, trouble="damaged")
        self.heard = counter
        return Heard(envelope=envelope, in_time=in_time)

    def unsealed(self, octets: bytes) -> bytes:
        """The envelope in a frame without its check sum; ``Undecipherable`` for a seal of another key."""
        counter = int.from_bytes(octets[:COUNTER_OCTETS], "big")
        return unseal(octets[COUNTER_OCTETS:], self._header(counter), self.keys)

    def _header(self, counter: int) -> Header:
        return Header(control=PROTECTION, title=self.title, counter=counter)


def checked(octets: bytes) -> bytes:
    """A frame with its check sum behind."""
    return octets + zlib.crc32(octets).to_bytes(CHECK_OCTETS, "big")
