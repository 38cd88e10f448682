"""TR-Conf.05, second sentence: how the meter protects its own answers."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.deviations.ciphering import association_of, each_protection
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.security.ciphering import AUTHENTICATION, ENCRYPTION, Header, seal
from reference_meter.security.protected_apdu import decode_protected, encode_protected
from reference_meter.server.ciphered_protection import CipheredProtection

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05b"
_GET_RESPONSE_NORMAL = b"\xc4\x01"
_DATA_AT = 3


@deviation("answer-protected-less", _CLAUSE, about="Data comes protected less than it was asked for.")
def answer_protected_less(meter: Meter, rng: Random) -> None:
    """Draw what is left out: authentication, encryption, or both; it begins with some answer."""
    left = rng.choice((AUTHENTICATION, ENCRYPTION, 0))
    sound = rng.choice((1, 2, 3))
    answered = 0

    def adapt(protection: CipheredProtection) -> None:
        def protect(original: Callable[[bytes], bytes], apdu: bytes) -> bytes:
            nonlocal answered
            if apdu[:2] != _GET_RESPONSE_NORMAL or apdu[_DATA_AT : _DATA_AT + 1] != b"\x00":
                return original(apdu)
            answered += 1
            if answered <= sound or association_of(meter, protection) is None:
                return original(apdu)
            meter.fire()
            sound_octets = original(apdu)
            return _weakened(protection, sound_octets, apdu, left) if left else apdu

        wrap(protection, "protect", protect)

    each_protection(meter, adapt)


def _weakened(protection: CipheredProtection, octets: bytes, apdu: bytes, left: int) -> bytes:
    """Protect an answer once more with the same counter, but with less."""
    message = decode_protected(octets)
    store = protection.store
    keys = store.cipher_keys
    if message.dedicated and protection.dedicated_key is not None:
        keys = replace(keys, encryption=protection.dedicated_key)
    header = Header(control=left | store.suite, title=store.server_title, counter=message.counter)
    return encode_protected(replace(message, control=header.control, body=seal(apdu, header, keys)))


@deviation(
    "answer-counters-restart",
    _CLAUSE,
    about="The counters of answers begin anew with each association, under the same key.",
)
def answer_counters_restart(meter: Meter, rng: Random) -> None:
    """Draw the counter that each association begins with."""
    first = rng.choice((1, 2, 100))
    store = meter.model.security
    if store is None:
        return
    sent = highest = first - 1

    def next_sent(original: Callable[[bytes], int], key: bytes) -> int:
        nonlocal sent, highest
        original(key)
        sent += 1
        if sent <= highest:
            meter.fire()
        highest = max(highest, sent)
        return sent

    def adapt(protection: CipheredProtection) -> None:
        nonlocal sent
        sent = first - 1

    wrap(store.counters, "next_sent", next_sent)
    each_protection(meter, adapt)


FAMILIES = (answer_protected_less, answer_counters_restart)
