"""What protects a push to the consumer: general-glo-ciphering with keys that are the consumer's own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from harness.errors import DecodeError
from harness.protocol.security import (
    TAG_OCTETS,
    TITLE_OCTETS,
    BadTag,
    Ciphered,
    CipherKeys,
    Form,
    ProtectionMismatch,
    SecurityControl,
    unseal,
)

__all__ = ["Deciphered", "Envelope", "EnvelopeReader", "Opened"]

Deciphered = Callable[[Callable[[], bytes]], bytes]
"""Takes what deciphers and gives what comes of it; it may keep that, or know it already."""

GENERAL_GLO: Final = 0xDB
_LONGEST_LENGTH_OCTETS: Final = 3
_LONG_FORM: Final = 0x80
_LONGEST_OCTETS: Final = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What was inside."""

    plain: bytes
    counter: int
    control: SecurityControl
    system_title: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The consumer's keys; without ``authentication_key`` nobody can tell whether a tag fits."""

    encryption_key: bytes = field(repr=False)
    authentication_key: bytes | None = field(repr=False)
    system_title: bytes | None = None
    """Of the meter; None takes any."""
    deciphered: Deciphered = field(default=lambda decipher: decipher(), repr=False)

    def open(self, octets: bytes) -> Opened:
        """Decipher one whole message; DecodeError says what is wrong with it."""
        ciphered = Ciphered.from_bytes(octets)
        title, control = ciphered.system_title, ciphered.control
        if ciphered.form is not Form.GENERAL_GLO or title is None:
            raise DecodeError(f"{ciphered.form} where general-glo-ciphering is due")
        if self.system_title is not None and title != self.system_title:
            raise DecodeError(f"system title {title.hex()} where {self.system_title.hex()} is due")
        if not control.encrypted or (self.authentication_key is not None and not control.authenticated):
            due = "encrypted" if self.authentication_key is None else "authenticated, encrypted"
            raise DecodeError(f"{control.describe()} where {due} is due")
        try:
            plain = self.deciphered(lambda: self._plain(ciphered, title))
        except (BadTag, ProtectionMismatch) as error:
            raise DecodeError(str(error)) from error
        return Opened(plain=plain, counter=ciphered.counter, control=control, system_title=title)

    def _plain(self, ciphered: Ciphered, title: bytes) -> bytes:
        control, content = ciphered.control, ciphered.content
        if self.authentication_key is None and control.authenticated:
            if len(content) < TAG_OCTETS:
                raise DecodeError(f"{len(content)} octets where a tag of {TAG_OCTETS} is due")
            content = content[:-TAG_OCTETS]
            control = SecurityControl(suite=control.suite, authenticated=False, encrypted=True)
        keys = CipherKeys(encryption=self.encryption_key, authentication=self.authentication_key or b"")
        return unseal(content, control=control, keys=keys, system_title=title, counter=ciphered.counter)


class EnvelopeReader:
    """Finds messages among octets that come as they come; what has no message around it is ``stray``.

    A message begins with its tag and a system title, the declared one where there is one.
    """

    def __init__(self, system_title: bytes | None) -> None:
        self._title = system_title
        self._pending = b""
        self._synchronised = False
        self.stray = b""
        """Octets that belong to no message."""

    @property
    def pending(self) -> bytes:
        """What has come of the message that is not yet whole."""
        return self._pending

    @property
    def begun(self) -> bool:
        """Whether the begin of a message has come and its end has not."""
        return bool(self.pending)

    def receive_data(self, octets: bytes) -> list[bytes]:
        """Take octets and give the messages that are whole with them."""
        self._pending += octets
        found = []
        while self._find_begin():
            end = _end_of(self._pending)
            if end is None or len(self._pending) < end:
                break
            found.append(self._pending[:end])
            self._pending = self._pending[end:]
            self._synchronised = True
        return found

    def _find_begin(self) -> bool:
        """Pass over what lies before a message; the rest of one that began before anybody listened is not stray."""
        mark = bytes((GENERAL_GLO, TITLE_OCTETS)) + (self._title or b"")
        begin = self._pending.find(mark)
        # Where there is none, its first octets may be the last that have come.
        before = begin if begin >= 0 else _unlike_begin(self._pending, mark)
        if self._synchronised:
            self.stray += self._pending[:before]
        self._pending = self._pending[before:]
        return begin >= 0


def _unlike_begin(octets: bytes, mark: bytes) -> int:
    """How many octets cannot belong to a mark that may follow."""
    for size in range(min(len(octets), len(mark) - 1), 0, -1):
        if mark.startswith(octets[-size:]):
            return len(octets) - size
    return len(octets)


def _end_of(octets: bytes) -> int | None:
    """Where the message at the begin of ``octets`` ends; None while its length is not there."""
    at = 2 + TITLE_OCTETS
    if len(octets) <= at:
        return None
    first = octets[at]
    if first < _LONG_FORM:
        return at + 1 + first
    size = first - _LONG_FORM
    if not 0 < size <= _LONGEST_LENGTH_OCTETS:
        return at + 1
    if len(octets) < at + 1 + size:
        return None
    length = int.from_bytes(octets[at + 1 : at + 1 + size], "big")
    return at + 1 + size + min(length, _LONGEST_OCTETS)
