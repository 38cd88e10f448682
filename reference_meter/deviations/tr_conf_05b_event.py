"""TR-Conf.05, second sentence: late answers, associations opened for the wrong client, and what the logs say."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.deviations.ciphering import association_of, each_protection, unchecked
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.security import hls
from reference_meter.security.ciphering import AUTHENTICATION, Header, Undecipherable
from reference_meter.security.protected_apdu import ProtectedApdu
from reference_meter.server.association import SessionKey
from reference_meter.server.ciphered_protection import CipheredProtection, CipherKey

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05b"
_GLO_INITIATE_REQUEST = 0x21
_GET = 0xC0

Open = Callable[[ProtectedApdu, CipherKey], bytes]


@deviation(
    "late-answer", _CLAUSE, about="What cannot be deciphered is answered later, before the next good request is."
)
def late_answer(meter: Meter, rng: Random) -> None:
    """Draw after how many good requests."""
    waits = rng.choice((0, 1))
    pending: dict[SessionKey, tuple[int, bytes]] = {}

    def adapt(protection: CipheredProtection) -> None:
        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            try:
                return original(message, key)
            except Undecipherable:
                association = association_of(meter, protection)
                plain = unchecked(protection, message, key)
                if association is not None and plain[:1] == bytes([_GET]):
                    answer = meter.server.services.answer(association, plain)
                    if isinstance(answer, bytes):
                        pending[association.key] = (waits + 1, answer)
                raise

        wrap(protection, "open", open_message)

    def unsolicited(original: Callable[[SessionKey], list[bytes]], key: SessionKey) -> list[bytes]:
        told = original(key)
        left, answer = pending.pop(key, (0, b""))
        if left > 1:
            pending[key] = (left - 1, answer)
        association = meter.server.associations.find(key)
        if left != 1 or association is None:
            return told
        meter.fire()
        return [*told, association.protection.protect(answer)]

    each_protection(meter, adapt)
    wrap(meter.server, "unsolicited", unsolicited)


@deviation("association-tag-unchecked", _CLAUSE, about="The tag in an association request is not looked at.")
def association_tag_unchecked(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def adapt(protection: CipheredProtection) -> None:
        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            try:
                return original(message, key)
            except Undecipherable:
                if message.tag != _GLO_INITIATE_REQUEST:
                    raise
                meter.fire()
                return unchecked(protection, message, key)

        wrap(protection, "open", open_message)

    each_protection(meter, adapt)


@deviation("challenge-answer-unchecked", _CLAUSE, about="Any answer to the meter's challenge is taken for right.")
def challenge_answer_unchecked(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def unchecked_answer(authentication: Any) -> None:
        def finish(original: Callable[[bytes], bytes | None], reply: bytes) -> bytes | None:
            own = original(reply)
            store = authentication.store
            if own is not None or authentication.mechanism != hls.GMAC or store is None:
                return own
            meter.fire()
            keys = store.cipher_keys
            header = Header(
                control=AUTHENTICATION | store.suite,
                title=authentication.dialogue.own_title,
                counter=store.counters.next_sent(keys.encryption),
            )
            return hls.gmac_reply(authentication.dialogue.other_challenge, header, keys)

        wrap(authentication, "finish", finish)

    def accept(original: Callable[..., Any], key: SessionKey, aarq: Any) -> Any:
        answer = original(key, aarq)
        association = meter.server.associations.find(key)
        if association is not None and association.authentication is not None:
            unchecked_answer(association.authentication)
        return answer

    wrap(meter.server.associations, "accept", accept)


@deviation("security-event-missing", _CLAUSE, about="Decryption failures, or replays, leave no entry in the log.")
def security_event_missing(meter: Meter, rng: Random) -> None:
    """Draw which."""
    missing = rng.choice(("deciphering_failed", "replayed"))

    def silent(original: Callable[[int], None], client: int) -> None:
        meter.fire()

    wrap(meter.model.parts.attacks, missing, silent)


@deviation(
    "security-event-swapped", _CLAUSE, about="Replays are logged as decryption failures, or the other way round."
)
def security_event_swapped(meter: Meter, rng: Random) -> None:
    """Draw which."""
    attacks = meter.model.parts.attacks
    first, second = rng.sample(("deciphering_failed", "replayed"), 2)
    other = getattr(attacks, second)

    def as_the_other(original: Callable[[int], None], client: int) -> None:
        meter.fire()
        other(client)

    wrap(attacks, first, as_the_other)


FAMILIES = (
    late_answer,
    association_tag_unchecked,
    challenge_answer_unchecked,
    security_event_missing,
    security_event_swapped,
)
