"""TR-Conf.05, second sentence: what is wrongly ciphered is recognized by its tag and its counter."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.deviations.ciphering import each_protection, fresh_all_the_same, unchecked
from reference_meter.deviations.family import deviation, when_link_is_lost, wrap
from reference_meter.meter import Meter
from reference_meter.security.ciphering import AUTHENTICATION, TAG_OCTETS, Header, Undecipherable, seal
from reference_meter.security.protected_apdu import ProtectedApdu
from reference_meter.security.store import Counters
from reference_meter.server.association import SessionKey
from reference_meter.server.ciphered_protection import CipheredProtection, CipherKey

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05b"

Open = Callable[[ProtectedApdu, CipherKey], bytes]


@deviation("tag-not-checked", _CLAUSE, about="Of the authentication tag only the first octets, or none, are checked.")
def tag_not_checked(meter: Meter, rng: Random) -> None:
    """Draw how many octets of the tag are checked."""
    checked = rng.choice((0, 1, 4, 8, 11))

    def adapt(protection: CipheredProtection) -> None:
        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            try:
                return original(message, key)
            except Undecipherable:
                if not message.control & AUTHENTICATION or len(message.body) < TAG_OCTETS:
                    raise
                plain = unchecked(protection, message, key)
                header = Header(control=message.control, title=protection.client_title, counter=message.counter)
                right = seal(plain, header, key.keys)[-TAG_OCTETS:]
                if message.body[-TAG_OCTETS:][:checked] != right[:checked]:
                    raise
                meter.fire()
                return plain

        wrap(protection, "open", open_message)

    each_protection(meter, adapt)


@deviation("last-counter-again", _CLAUSE, about="Requests with counters that were accepted before are accepted again.")
def last_counter_again(meter: Meter, rng: Random) -> None:
    """Draw how far back a counter may be."""
    back = rng.choice((0, 1, 10, 0xFFFFFFFF))

    def within(protection: CipheredProtection, message: ProtectedApdu, key: CipherKey) -> bool:
        return message.counter >= key.counters.last_received(key.keys.encryption, protection.client_title) - back

    fresh_all_the_same(meter, within)


@deviation("counter-of-bad-tag", _CLAUSE, about="The counter of a request whose tag is wrong counts as accepted.")
def counter_of_bad_tag(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def adapt(protection: CipheredProtection) -> None:
        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            try:
                return original(message, key)
            except Undecipherable:
                last = key.counters.last_received(key.keys.encryption, protection.client_title)
                if message.counter > last:
                    meter.fire()
                    key.counters.accept(key.keys.encryption, protection.client_title, message.counter)
                raise

        wrap(protection, "open", open_message)

    each_protection(meter, adapt)


@deviation(
    "counters-lost-with-link",
    _CLAUSE,
    about="A lost connection loses the accepted counters, so that old requests work.",
)
def counters_lost_with_link(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def forget(key: SessionKey) -> None:
        store = meter.model.security
        if store is not None and store.announced_counter():
            meter.fire()
            store.counters.forget_received()

    when_link_is_lost(meter, forget)


class _OwnCounters(Counters):
    """Received counters of one association alone; what is sent is counted together."""

    def __init__(self, shared: Counters) -> None:
        super().__init__()
        self.shared = shared

    def used_up(self, key: bytes) -> bool:
        return self.shared.used_up(key)

    def next_sent(self, key: bytes) -> int:
        return self.shared.next_sent(key)


@deviation(
    "counters-per-association", _CLAUSE, about="Each association counts by itself, so that requests of others work."
)
def counters_per_association(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def adapt(protection: CipheredProtection) -> None:
        shared = protection.store.counters
        own = _OwnCounters(shared)

        def key_of(original: Callable[[ProtectedApdu], CipherKey], message: ProtectedApdu) -> CipherKey:
            key = original(message)
            return replace(key, counters=own) if key.counters is shared else key

        def is_fresh(original: Callable[..., bool], message: ProtectedApdu, key: CipherKey) -> bool:
            fresh = original(message, key)
            if fresh and key.counters is own:
                encryption_key, title = key.keys.encryption, protection.client_title
                if message.counter <= shared.last_received(encryption_key, title):
                    meter.fire()
                shared.accept(encryption_key, title, message.counter)
            return fresh

        wrap(protection, "key_of", key_of)
        wrap(protection, "is_fresh", is_fresh)

    each_protection(meter, adapt)


FAMILIES = (
    tag_not_checked,
    last_counter_again,
    counter_of_bad_tag,
    counters_lost_with_link,
    counters_per_association,
)
