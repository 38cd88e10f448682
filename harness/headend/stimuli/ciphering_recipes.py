"""Recipes of wrong ciphering, by the names of the rows of an Examples table.

Each changes one thing and computes all else as if that were right, so that a device that does not look at just that
thing serves the request.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from harness.errors import NotApplicable
from harness.headend.stimuli.wrong_ciphering import Envelope, Intruder, Recipe, inverted
from harness.protocol import security
from harness.protocol.security import BROADCAST, COMPRESSED, Form

__all__ = ["LACKS", "RECIPES"]

_PRIORITY_BIT: Final = 0x80
_INVOKE_AT: Final = 2
_LAST_SUITE: Final = 15
_SUITES: Final = len(security.SUITES)


def _need_tag(intruder: Intruder, apdu: bytes) -> None:
    """Without a tag, nobody can tell wrong text from right text that makes no sense."""
    if not intruder.control_of(apdu) & security.AUTHENTICATED:
        raise NotApplicable("requests of this client carry no tag", item="associations.security.policy")


def _authenticator(change: Callable[[bytes], bytes]) -> Callable[[Intruder, bytes], Envelope]:
    def make(intruder: Intruder, apdu: bytes) -> Envelope:
        _need_tag(intruder, apdu)
        envelope = intruder.sealed(apdu)
        return replace(envelope, authenticator=change(envelope.authenticator))

    return make


def _flipped_text(intruder: Intruder, apdu: bytes) -> Envelope:
    """Turn the priority bit over, so that the request stays the same for who does not check the tag."""
    _need_tag(intruder, apdu)
    envelope = intruder.sealed(apdu)
    text = bytearray(envelope.text)
    text[_INVOKE_AT] ^= _PRIORITY_BIT
    return replace(envelope, text=bytes(text))


def _wrong_encryption_key(intruder: Intruder, apdu: bytes) -> Envelope:
    _need_tag(intruder, apdu)
    keys = intruder.keys_of(apdu)
    return intruder.sealed(apdu, keys=replace(keys, encryption=inverted(keys.encryption)))


def _wrong_authentication_key(intruder: Intruder, apdu: bytes) -> Envelope:
    _need_tag(intruder, apdu)
    keys = intruder.keys_of(apdu)
    return intruder.sealed(apdu, keys=replace(keys, authentication=inverted(keys.authentication)))


def _suite(change: Callable[[int], int]) -> Callable[[Intruder, bytes], Envelope]:
    def make(intruder: Intruder, apdu: bytes) -> Envelope:
        octet = intruder.control_of(apdu)
        suite = octet & security.SUITE
        return intruder.sealed(apdu, octet=octet & ~security.SUITE | change(suite))

    return make


def _broadcast_bit(intruder: Intruder, apdu: bytes) -> Envelope:
    return intruder.sealed(apdu, octet=intruder.control_of(apdu) | BROADCAST)


def _broadcast_key(intruder: Intruder, apdu: bytes) -> Envelope:
    if intruder.broadcast_key is None:
        raise NotApplicable("no broadcast key is declared", item="associations.security.broadcast_key")
    keys = replace(intruder.keys_of(apdu), encryption=intruder.broadcast_key)
    return intruder.sealed(apdu, octet=intruder.control_of(apdu) | BROADCAST, keys=keys)


def _other_title(intruder: Intruder, apdu: bytes) -> Envelope:
    return intruder.sealed(apdu, form=intruder.general_form(apdu), title=intruder.other_title())


def _named_title(change: Callable[[bytes], bytes]) -> Callable[[Intruder, bytes], Envelope]:
    """The title that travels is wrong; everything is computed with the right one."""

    def make(intruder: Intruder, apdu: bytes) -> Envelope:
        envelope = intruder.sealed(apdu, form=intruder.general_form(apdu))
        return replace(envelope, title=change(envelope.title or b""))

    return make


def _without_dedicated_key(intruder: Intruder, apdu: bytes) -> Envelope:
    return intruder.sealed(apdu, form=Form.DED)


def _less(dropped: int) -> Callable[[Intruder, bytes], Envelope]:
    def make(intruder: Intruder, apdu: bytes) -> Envelope:
        octet = intruder.control_of(apdu)
        both = security.AUTHENTICATED | security.ENCRYPTED
        if octet & both != both:
            raise NotApplicable("the policy does not demand both", item="associations.security.policy")
        return intruder.sealed(apdu, octet=octet & ~dropped)

    return make


def _lengths(error: int) -> Callable[[Intruder, bytes], Envelope]:
    return lambda intruder, apdu: replace(intruder.sealed(apdu), length_error=error)


def _compressed(intruder: Intruder, apdu: bytes) -> Envelope:
    return intruder.sealed(apdu, octet=intruder.control_of(apdu) | COMPRESSED)


def _last_bit(octets: bytes) -> bytes:
    return octets[:-1] + bytes((octets[-1] ^ 0x01,))


RECIPES: Final[Mapping[str, Recipe]] = {
    "tag-last-bit": Recipe(about="the last bit of the tag turned over", stimulus="C1", make=_authenticator(_last_bit)),
    "tag-first-bit": Recipe(
        about="the first bit of the tag turned over",
        stimulus="C1",
        make=_authenticator(lambda tag: bytes((tag[0] ^ 0x80,)) + tag[1:]),
    ),
    "tag-fifth-octet": Recipe(
        about="the fifth octet of the tag inverted",
        stimulus="C1",
        make=_authenticator(lambda tag: tag[:4] + inverted(tag[4:5]) + tag[5:]),
    ),
    "tag-all": Recipe(about="every bit of the tag turned over", stimulus="C1", make=_authenticator(inverted)),
    "text-bit": Recipe(about="one bit of the text turned over", stimulus="C2", make=_flipped_text),
    "encryption-key": Recipe(about="another encryption key", stimulus="C3", make=_wrong_encryption_key),
    "authentication-key": Recipe(about="another authentication key", stimulus="C4", make=_wrong_authentication_key),
    "tag-cut-to-8": Recipe(about="a tag of 8 octets", stimulus="C5", make=_authenticator(lambda tag: tag[:8])),
    "tag-cut-to-4": Recipe(about="a tag of 4 octets", stimulus="C5", make=_authenticator(lambda tag: tag[:4])),
    "tag-missing": Recipe(about="no tag", stimulus="C5", make=_authenticator(lambda tag: b"")),
    "suite-next": Recipe(
        about="the next suite's number", stimulus="C7", make=_suite(lambda suite: (suite + 1) % _SUITES)
    ),
    "suite-after-next": Recipe(
        about="the number of the suite after the next",
        stimulus="C7",
        make=_suite(lambda suite: (suite + 2) % _SUITES),
    ),
    "suite-3": Recipe(about="suite 3, which does not exist", stimulus="C7", make=_suite(lambda suite: 3)),
    "suite-15": Recipe(about="suite 15, which does not exist", stimulus="C7", make=_suite(lambda suite: _LAST_SUITE)),
    "broadcast-bit": Recipe(about="the bit of the broadcast key set", stimulus="C8", make=_broadcast_bit),
    "broadcast-key": Recipe(about="the broadcast key and its bit", stimulus="C8", make=_broadcast_key),
    "other-title": Recipe(about="general ciphering by another system title", stimulus="C12", make=_other_title),
    "named-title": Recipe(
        about="general ciphering that names another system title than it is ciphered with",
        stimulus="C12",
        make=_named_title(_last_bit),
    ),
    "short-title": Recipe(
        about="general ciphering with a system title of 7 octets",
        stimulus="C12",
        make=_named_title(lambda title: title[:-1]),
    ),
    "no-dedicated-key": Recipe(
        about="the dedicated form where no dedicated key is agreed", stimulus="C13", make=_without_dedicated_key
    ),
    "length-too-long": Recipe(about="a length field that says one octet more", stimulus="C6", make=_lengths(1)),
    "length-too-short": Recipe(about="a length field that says one octet less", stimulus="C6", make=_lengths(-1)),
    "compressed": Recipe(about="the bit for compression set", stimulus="C9", make=_compressed),
    "authenticated-only": Recipe(
        about="authentication without encryption", stimulus="C15", make=_less(security.ENCRYPTED)
    ),
    "encrypted-only": Recipe(
        about="encryption without authentication", stimulus="C15", make=_less(security.AUTHENTICATED)
    ),
}
"""Name of an Examples row -> what is wrong."""

LACKS: Final[Mapping[str, int]] = {
    "authenticated-only": security.ENCRYPTED,
    "encrypted-only": security.AUTHENTICATED,
    "plain": security.AUTHENTICATED | security.ENCRYPTED,
}
"""Name of an Examples row -> the bits of the security control octet that a request lacks."""
