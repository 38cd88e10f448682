"""Ciphered APDUs: service-specific (glo-, ded-) and general (general-glo-, general-ded-ciphering)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.reader import Reader, push_octets
from harness.protocol.apdu.tags import tag_name
from harness.protocol.security.cipher import COUNTER_OCTETS, TITLE_OCTETS, CipherKeys, seal, unseal
from harness.protocol.security.control import SecurityControl
from harness.protocol.security.fault import ProtectionMismatch, Underprotected

__all__ = ["Ciphered", "Form", "ciphered_tag", "header_of", "is_ciphered", "open_usual", "protect", "unprotect"]

GENERAL_GLO_TAG: Final = 0xDB
GENERAL_DED_TAG: Final = 0xDC

_END_TO_END: Final = (b"\xdd", b"\xdf")
"""general-ciphering and general-signing."""

_OLD_SERVICES: Final = (0x01, 0x05, 0x06, 0x08, 0x0C, 0x0D, 0x0E, 0x16, 0x18)
_SERVICES: Final = (0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC7)


class Form(StrEnum):
    """How a ciphered APDU is wrapped, and whether with the global or the dedicated key."""

    GLO = "glo"
    DED = "ded"
    GENERAL_GLO = "general-glo"
    GENERAL_DED = "general-ded"

    @property
    def dedicated(self) -> bool:
        """Whether the dedicated key protects it."""
        return self in (Form.DED, Form.GENERAL_DED)

    @property
    def general(self) -> bool:
        """Whether it carries the sender's system title."""
        return self in (Form.GENERAL_GLO, Form.GENERAL_DED)


_TAGS: Final[dict[Form, dict[int, int]]] = {
    Form.GLO: {**{tag: tag | 0x20 for tag in _OLD_SERVICES}, **{tag: tag + 0x08 for tag in _SERVICES}},
    Form.DED: {**{tag: tag | 0x40 for tag in _OLD_SERVICES}, **{tag: tag + 0x10 for tag in _SERVICES}},
}
_GENERAL_TAGS: Final = {Form.GENERAL_GLO: GENERAL_GLO_TAG, Form.GENERAL_DED: GENERAL_DED_TAG}
_GLO_PLAIN: Final = {ciphered: plain for plain, ciphered in _TAGS[Form.GLO].items()}
_SPECIFIC: Final = frozenset(tag for tags in _TAGS.values() for tag in tags.values())
_SHORTEST_OCTETS: Final = 2 + 1 + COUNTER_OCTETS
_LONG_OCTETS: Final = 2 + 0x80
"""From here on the length takes more than one octet."""
_FORMS: Final[dict[int, tuple[Form, int | None]]] = {
    **{ciphered: (form, plain) for form, tags in _TAGS.items() for plain, ciphered in tags.items()},
    **{tag: (form, None) for form, tag in _GENERAL_TAGS.items()},
}


def ciphered_tag(plain_tag: int, form: Form) -> int | None:
    """Return the first octet of the ciphered form, or None where the service has no such form."""
    return _GENERAL_TAGS[form] if form.general else _TAGS[form].get(plain_tag)


def is_ciphered(octets: bytes) -> bool:
    """Whether an APDU begins as one of the forms here does."""
    return bool(octets) and octets[0] in _FORMS


def header_of(octets: bytes) -> bytes:
    """Return tag, security control and invocation counter of an APDU in one of the forms here; empty for others.

    Nothing is judged: what is cut short gives what is there, and protection from end to end its tag alone.
    """
    if not is_ciphered(octets):
        return octets[:1] if octets[:1] in _END_TO_END else b""
    at = 1
    if _FORMS[octets[0]][0].general:
        at += 1 + (octets[1] if len(octets) > 1 else 0)
    if at < len(octets):
        at += 1 + (octets[at] & 0x7F if octets[at] & 0x80 else 0)
    return octets[:1] + octets[at : at + 1 + COUNTER_OCTETS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ciphered:
    """A ciphered APDU, its content not yet looked at."""

    tag: int
    control: SecurityControl
    counter: int
    """Invocation counter of the sender."""
    content: bytes
    """Text, and the tag behind it where authenticated."""
    system_title: bytes | None = None
    """Of the sender; in the general forms only."""

    @property
    def form(self) -> Form:
        """How it is wrapped."""
        return _FORMS[self.tag][0]

    @property
    def plain_tag(self) -> int | None:
        """First octet that the plain APDU must have; None where the general forms leave it open."""
        return _FORMS[self.tag][1]

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Ciphered":
        """Decode the envelope; raises ``DecodeError``."""
        if not is_ciphered(octets):
            raise DecodeError(f"{tag_name(octets[0]) if octets else 'nothing'} where a ciphered APDU is due", 0)
        # Nearly every APDU: a service-specific form whose length takes one octet.
        if _SHORTEST_OCTETS <= len(octets) < _LONG_OCTETS and octets[1] == len(octets) - 2 and octets[0] in _SPECIFIC:
            return cls(
                tag=octets[0],
                control=SecurityControl.from_octet(octets[2]),
                counter=int.from_bytes(octets[3:_SHORTEST_OCTETS], "big"),
                content=octets[_SHORTEST_OCTETS:],
            )
        reader = Reader(octets, 1)
        title = None
        if _FORMS[octets[0]][0].general:
            title = reader.octet_string()
            if len(title) != TITLE_OCTETS:
                raise DecodeError(f"a system title of {len(title)} octets, due are {TITLE_OCTETS}", 1)
        inner_at = reader.offset
        inner = Reader(reader.octet_string())
        reader.end()
        if len(inner.octets) < 1 + COUNTER_OCTETS:
            raise DecodeError(f"a ciphered content of {len(inner.octets)} octets", inner_at)
        return cls(
            tag=octets[0],
            control=SecurityControl.from_octet(inner.unsigned(1)),
            counter=inner.unsigned(COUNTER_OCTETS),
            content=inner.octets[inner.offset :],
            system_title=title,
        )

    def to_bytes(self) -> bytes:
        """Encode it."""
        title = b"" if self.system_title is None else push_octets(self.system_title)
        inner = bytes((self.control.to_octet(),)) + self.counter.to_bytes(COUNTER_OCTETS, "big") + self.content
        return bytes((self.tag,)) + title + push_octets(inner)

    def open(self, *, keys: CipherKeys, system_title: bytes) -> bytes:
        """Return the plain APDU of the sender with that title; raises ``BadTag`` and the like."""
        if self.system_title is not None and self.system_title != system_title:
            raise ProtectionMismatch(f"system title {self.system_title.hex()} where {system_title.hex()} is due")
        plain = unseal(self.content, control=self.control, keys=keys, system_title=system_title, counter=self.counter)
        if self.plain_tag is not None and plain[:1] != bytes((self.plain_tag,)):
            inside = tag_name(plain[0]) if plain else "nothing"
            raise ProtectionMismatch(f"{tag_name(self.tag)} holds {inside}")
        return plain

    def open_as(self, demanded: SecurityControl, *, keys: CipherKeys, system_title: bytes) -> bytes:
        """As ``open``; what is protected less than ``demanded`` is ``Underprotected``, with the plain octets."""
        if self.control != demanded:
            self.control.check_kind(demanded)
        plain = self.open(keys=keys, system_title=system_title)
        if not self.control.holds(demanded):
            raise Underprotected(f"{self.control.describe()} where due is {demanded.describe()}", plain)
        return plain

    def describe(self) -> str:
        """Return one line for people."""
        return f"{tag_name(self.tag)}: {self.control.describe()}, counter {self.counter}"


def protect(
    apdu: bytes, *, form: Form, control: SecurityControl, keys: CipherKeys, system_title: bytes, counter: int
) -> bytes:
    """Return ``apdu`` ciphered; ``ValueError`` where its service has no such form."""
    tag = ciphered_tag(apdu[0], form)
    if tag is None:
        raise ValueError(f"{tag_name(apdu[0])} has no form {form}")
    head = bytes((control.octet,)) + counter.to_bytes(COUNTER_OCTETS, "big")
    inner = head + seal(apdu, control=control, keys=keys, system_title=system_title, counter=counter)
    title = push_octets(system_title) if form.general else b""
    return bytes((tag,)) + title + push_octets(inner)


def open_usual(
    octets: bytes, *, demanded: SecurityControl, keys: CipherKeys, system_title: bytes
) -> tuple[int, bytes] | None:
    """Return counter and plain APDU of what nearly every answer is: glo, short, protected exactly as demanded.

    None for all others, which is no judgement; raises ``BadTag`` and the like as ``Ciphered.open`` does.
    """
    length = len(octets)
    plain_tag = _GLO_PLAIN.get(octets[0])
    if plain_tag is None or not _SHORTEST_OCTETS <= length < _LONG_OCTETS or octets[1] != length - 2:
        return None
    if octets[2] != demanded.octet:
        return None
    counter = int.from_bytes(octets[3:_SHORTEST_OCTETS], "big")
    plain = unseal(octets[_SHORTEST_OCTETS:], control=demanded, keys=keys, system_title=system_title, counter=counter)
    return (counter, plain) if plain and plain[0] == plain_tag else None


def unprotect(octets: bytes, *, demanded: SecurityControl, keys: CipherKeys, system_title: bytes) -> bytes:
    """Return the plain APDU in ``octets``, which must be protected as ``demanded`` or better.

    Raises ``DecodeError``, ``BadTag``, ``ProtectionMismatch``, and ``Underprotected`` with the plain octets.
    """
    return Ciphered.from_bytes(octets).open_as(demanded, keys=keys, system_title=system_title)
