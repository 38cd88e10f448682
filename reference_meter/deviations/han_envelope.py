"""What goes wrong with the envelope of a port that pushes: protection, keys, title, counter."""

from collections.abc import Callable
from random import Random

from reference_meter.consumer.han_link import HanLink
from reference_meter.consumer.notification import enciphered
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.han_port import when_han_listens
from reference_meter.meter import Meter
from reference_meter.security.ciphering import CipherKeys, Header
from reference_meter.security.store import Counters

__all__ = ["FAMILIES"]

_AUTHENTICATED, _ENCRYPTED = 0x10, 0x20


def _when_messages_are_made(meter: Meter, make: Callable[[HanLink, bytes], bytes]) -> None:
    """Put notifications into other envelopes."""

    def on_link(link: HanLink) -> None:
        def message(original: Callable[[bytes], bytes], notification: bytes) -> bytes:
            meter.fire()
            return make(link, notification)

        wrap(link.contents, "message", message)

    when_han_listens(meter, on_link)


def _envelope(
    link: HanLink, plain: bytes, *, control: int, keys: CipherKeys | None = None, title: bytes = b""
) -> bytes:
    """Put a notification into an envelope as it should be but for what is named."""
    security = link.contents.parts.consumer_security
    if security is None:
        return plain
    counter = security.counters.next_sent(security.keys.unicast)
    header = Header(control=control, title=title or security.server_title, counter=counter)
    return enciphered(plain, header, keys or security.cipher_keys)


@deviation("han-in-the-clear", "MF.2", about="Pushes leave without encryption, or with a tag alone.")
def in_the_clear(meter: Meter, rng: Random) -> None:
    """Draw which."""
    bare = rng.random() < 0.5
    _when_messages_are_made(
        meter, lambda link, plain: plain if bare else _envelope(link, plain, control=_AUTHENTICATED)
    )


@deviation("han-not-authenticated", "MF.2", about="Pushes are encrypted and have no tag, or a wrong one.")
def not_authenticated(meter: Meter, rng: Random) -> None:
    """Draw which."""
    bare = rng.random() < 0.5

    def make(link: HanLink, plain: bytes) -> bytes:
        if bare:
            return _envelope(link, plain, control=_ENCRYPTED)
        good = _envelope(link, plain, control=_AUTHENTICATED | _ENCRYPTED)
        return good[:-1] + bytes([good[-1] ^ 0x80])

    _when_messages_are_made(meter, make)


@deviation(
    "han-under-keys-of-the-utility", "MF.2", about="Pushes are enciphered with the keys of the utility's clients."
)
def under_keys_of_utility(meter: Meter, rng: Random) -> None:
    """Draw whether the unicast or the broadcast key."""
    broadcast = rng.random() < 0.5

    def make(link: HanLink, plain: bytes) -> bytes:
        security = meter.model.parts.security
        if security is None:
            return plain
        key = security.keys.broadcast if broadcast else security.keys.unicast
        keys = CipherKeys(encryption=key, authentication=security.keys.authentication)
        return _envelope(link, plain, control=_AUTHENTICATED | _ENCRYPTED, keys=keys)

    _when_messages_are_made(meter, make)


@deviation("han-title-of-another", "MF.2", about="The system title in the envelope is not the meter's.")
def title_of_another(meter: Meter, rng: Random) -> None:
    """Draw the title."""
    title = b"CFM" + rng.randbytes(5)
    _when_messages_are_made(
        meter, lambda link, plain: _envelope(link, plain, control=_AUTHENTICATED | _ENCRYPTED, title=title)
    )


@deviation("han-counter-stands", "MF.2", about="The invocation counter stays the same, or falls back now and then.")
def counter_stands(meter: Meter, rng: Random) -> None:
    """Draw after how many pushes it begins anew."""
    again = rng.choice((1, 2, 5))
    sent = [0]
    counters = _counters_of(meter)

    def next_sent(original: Callable[[bytes], int], key: bytes) -> int:
        original(key)
        sent[0] += 1
        if sent[0] > again:
            meter.fire()
        return 1 + sent[0] % again

    wrap(counters, "next_sent", next_sent)


@deviation("han-counter-lost-without-power", "MF.2", about="After a power cut the invocation counter begins anew.")
def counter_lost(meter: Meter, rng: Random) -> None:
    """Draw where it begins."""
    begin = rng.choice((0, 1))
    counters = _counters_of(meter)
    offset = [0]

    def next_sent(original: Callable[[bytes], int], key: bytes) -> int:
        return original(key) - offset[0]

    def restore_power(original: Callable[[], None]) -> None:
        original()
        security = meter.model.parts.consumer_security
        if security is not None:
            # One number is spent to see how far the counter has come.
            offset[0] += counters.next_sent(security.keys.unicast) - begin
            meter.fire()

    wrap(counters, "next_sent", next_sent)
    wrap(meter.model.parts, "restore_power", restore_power)


def _counters_of(meter: Meter) -> Counters:
    security = meter.model.parts.consumer_security
    if security is None:
        raise ValueError("this meter has no keys of a consumer")
    return security.counters


FAMILIES = (
    in_the_clear,
    not_authenticated,
    under_keys_of_utility,
    title_of_another,
    counter_stands,
    counter_lost,
)
