"""TR-Conf.05, second sentence: suite, set of keys, system title, dedicated key and length of the tag are looked at."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.deviations.ciphering import each_protection, unchecked
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.security.ciphering import (
    AUTHENTICATION,
    BROADCAST,
    ENCRYPTION,
    SUITE,
    TAG_OCTETS,
    CipherKeys,
    Header,
    Undecipherable,
    seal,
    unseal,
)
from reference_meter.security.protected_apdu import GLOBAL_OF_PLAIN, PLAIN_OF_DEDICATED, ProtectedApdu, is_protected
from reference_meter.server.ciphered_protection import CipheredProtection, CipherKey, InsufficientProtection

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05b"
_KNOWN_SUITES = 3

KeyOf = Callable[[ProtectedApdu], CipherKey]
Open = Callable[[ProtectedApdu, CipherKey], bytes]


@deviation("suite-not-checked", _CLAUSE, about="The suite that a request names is not compared with the one in force.")
def suite_not_checked(meter: Meter, rng: Random) -> None:
    """Draw which suites may be named: those that exist, those that do not, or all."""
    named = rng.choice((range(_KNOWN_SUITES), range(_KNOWN_SUITES, SUITE + 1), range(SUITE + 1)))

    def adapt(protection: CipheredProtection) -> None:
        def key_of(original: KeyOf, message: ProtectedApdu) -> CipherKey:
            suite = message.control & SUITE
            if suite == protection.store.suite or suite not in named:
                return original(message)
            meter.fire()
            return original(replace(message, control=message.control & ~SUITE | protection.store.suite))

        wrap(protection, "key_of", key_of)

    each_protection(meter, adapt)


@deviation("key-set-not-checked", _CLAUSE, about="Requests to one meter may name the broadcast key.")
def key_set_not_checked(meter: Meter, rng: Random) -> None:
    """Draw the key that they are then opened with."""
    broadcast = rng.choice((True, False))

    def adapt(protection: CipheredProtection) -> None:
        def key_of(original: KeyOf, message: ProtectedApdu) -> CipherKey:
            if protection.broadcast or not message.control & BROADCAST:
                return original(message)
            key = original(replace(message, control=message.control & ~BROADCAST))
            if not broadcast:
                return key
            keys = CipherKeys(encryption=protection.store.keys.broadcast, authentication=key.keys.authentication)
            return replace(key, keys=keys)

        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            plain = original(message, key)
            if message.control & BROADCAST and not protection.broadcast:
                meter.fire()
            return plain

        wrap(protection, "key_of", key_of)
        wrap(protection, "open", open_message)

    each_protection(meter, adapt)


@deviation("title-not-checked", _CLAUSE, about="General ciphered requests of any system title are served.")
def title_not_checked(meter: Meter, rng: Random) -> None:
    """Draw whether the title that travels counts for nothing, or is believed."""
    believed = rng.choice((True, False))

    def adapt(protection: CipheredProtection) -> None:
        def is_of_other(message: ProtectedApdu) -> bool:
            return message.title not in (None, protection.client_title)

        def key_of(original: KeyOf, message: ProtectedApdu) -> CipherKey:
            return original(replace(message, title=protection.client_title) if is_of_other(message) else message)

        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            if not is_of_other(message):
                return original(message, key)
            title = message.title if believed and message.title else protection.client_title
            header = Header(control=message.control, title=title, counter=message.counter)
            plain = unseal(message.body, header, key.keys)
            meter.fire()
            return plain

        wrap(protection, "key_of", key_of)
        wrap(protection, "open", open_message)

    each_protection(meter, adapt)


@deviation(
    "dedicated-without-key",
    _CLAUSE,
    about="Requests in the dedicated form are served where no dedicated key is agreed.",
)
def dedicated_without_key(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def adapt(protection: CipheredProtection) -> None:
        def key_of(original: KeyOf, message: ProtectedApdu) -> CipherKey:
            if protection.dedicated_key is not None or message.tag not in PLAIN_OF_DEDICATED:
                return original(message)
            meter.fire()
            return original(replace(message, tag=GLOBAL_OF_PLAIN[PLAIN_OF_DEDICATED[message.tag]]))

        wrap(protection, "key_of", key_of)

    each_protection(meter, adapt)


@deviation("short-tag-accepted", _CLAUSE, about="A tag that is cut off, or missing, is compared as far as it goes.")
def short_tag_accepted(meter: Meter, rng: Random) -> None:
    """Draw how many octets are enough."""
    enough = rng.choice((0, 4, 8))

    def adapt(protection: CipheredProtection) -> None:
        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            try:
                return original(message, key)
            except Undecipherable:
                if not message.control & AUTHENTICATION or len(message.body) < enough:
                    raise
                plain = _opened(protection, message, key, enough)
                meter.fire()
                return plain

        wrap(protection, "open", open_message)

    each_protection(meter, adapt)


def _opened(protection: CipheredProtection, message: ProtectedApdu, key: CipherKey, octets: int) -> bytes:
    """Open a message whose tag has so many octets; ``Undecipherable`` where they are wrong."""
    text, tag = message.body[: len(message.body) - octets], message.body[len(message.body) - octets :]
    plain = unchecked(protection, replace(message, body=text + bytes(TAG_OCTETS)), key)
    header = Header(control=message.control, title=protection.client_title, counter=message.counter)
    if seal(plain, header, key.keys)[-TAG_OCTETS:][:octets] != tag:
        raise Undecipherable("the authentication tag does not fit")
    return plain


@deviation(
    "weak-protection-served", _CLAUSE, about="Requests that are protected less than the policy demands are served."
)
def weak_protection_served(meter: Meter, rng: Random) -> None:
    """Draw what may be missing: authentication, encryption, or both."""
    missing = rng.choice((AUTHENTICATION, ENCRYPTION, AUTHENTICATION | ENCRYPTION))

    def adapt(protection: CipheredProtection) -> None:
        def unprotect(original: Callable[[bytes], bytes | None], apdu: bytes) -> bytes | None:
            try:
                return original(apdu)
            except InsufficientProtection as insufficient:
                has = _control_of(apdu) if is_protected(apdu) else 0
                if protection.store.demanded_of_requests() & ~has != missing:
                    raise
                meter.fire()
                return insufficient.plain

        wrap(protection, "unprotect", unprotect)

    each_protection(meter, adapt)


def _control_of(apdu: bytes) -> int:
    """The security control octet of a short service-specific request."""
    return apdu[2]


FAMILIES = (
    suite_not_checked,
    key_set_not_checked,
    title_not_checked,
    dedicated_without_key,
    short_tag_accepted,
    weak_protection_served,
)
