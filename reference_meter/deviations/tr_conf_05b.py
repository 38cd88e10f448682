"""TR-Conf.05, second sentence: what is wrongly ciphered is silently discarded, and nothing else is."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.deviations.ciphering import association_of, each_protection, unchecked
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.security.ciphering import Undecipherable
from reference_meter.security.protected_apdu import ProtectedApdu
from reference_meter.server.association import Association
from reference_meter.server.ciphered_protection import (
    DECIPHERING_ERROR,
    CipheredProtection,
    CipherKey,
    InsufficientProtection,
    RequestRefused,
)
from reference_meter.server.protection import Protection

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05b"
_READ_WRITE_DENIED, _OBJECT_UNDEFINED = 3, 4
_GET_RESPONSE_NORMAL = b"\xc4\x01"

Open = Callable[[ProtectedApdu, CipherKey], bytes]


@deviation(
    "answers-bad-cipher", _CLAUSE, about="What cannot be deciphered, or is repeated, is answered by an exception."
)
def answers_bad_cipher(meter: Meter, rng: Random) -> None:
    """Draw whether wrong tags or repeated counters are answered."""
    repeated = rng.choice((True, False))

    def adapt(protection: CipheredProtection) -> None:
        def refuse(original: Callable[..., None], expected: int | None = None) -> None:
            if (expected is not None) != repeated or association_of(meter, protection) is None:
                return original(expected)
            meter.fire()
            raise RequestRefused(DECIPHERING_ERROR)

        wrap(protection, "refuse", refuse)

    each_protection(meter, adapt)


@deviation("association-dropped", _CLAUSE, about="After some wrongly ciphered requests the association is gone.")
def association_dropped(meter: Meter, rng: Random) -> None:
    """Draw after how many."""
    patience = rng.randint(1, 3)

    def adapt(protection: CipheredProtection) -> None:
        seen = 0

        def refuse(original: Callable[..., None], expected: int | None = None) -> None:
            nonlocal seen
            association = association_of(meter, protection)
            seen += association is not None
            if association is not None and seen >= patience:
                meter.fire()
                meter.server.associations.close(association.key)
            original(expected)

        wrap(protection, "refuse", refuse)

    each_protection(meter, adapt)


@deviation("silent-but-done", _CLAUSE, about="A request with a wrong tag is carried out, though it is not answered.")
def silent_but_done(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def adapt(protection: CipheredProtection) -> None:
        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            try:
                return original(message, key)
            except Undecipherable:
                association = association_of(meter, protection)
                plain = unchecked(protection, message, key)
                if association is not None and plain and _changes(plain):
                    meter.fire()
                    meter.server.services.answer(association, plain)
                raise

        wrap(protection, "open", open_message)

    each_protection(meter, adapt)


def _changes(plain: bytes) -> bool:
    return plain[0] in (0xC1, 0xC3)


@deviation("plain-refusal", _CLAUSE, about="A request that is protected too little is refused without any protection.")
def plain_refusal(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    refused: list[Protection] = []

    def refuse(original: Callable[..., Any], association: Association, insufficient: InsufficientProtection) -> Any:
        refused.append(association.protection)
        return original(association, insufficient)

    def adapt(protection: CipheredProtection) -> None:
        def protect(original: Callable[[bytes], bytes], apdu: bytes) -> bytes:
            if protection not in refused:
                return original(apdu)
            meter.fire()
            refused.clear()
            return apdu

        wrap(protection, "protect", protect)

    wrap(meter.server, "refuse", refuse)
    each_protection(meter, adapt)


@deviation(
    "over-silent", _CLAUSE, about="Well ciphered requests for what is not there, or not allowed, stay unanswered."
)
def over_silent(meter: Meter, rng: Random) -> None:
    """Draw the result that is kept back."""
    result = rng.choice((_OBJECT_UNDEFINED, _READ_WRITE_DENIED))

    def answer(original: Callable[..., Any], association: Association, apdu: bytes) -> Any:
        told = original(association, apdu)
        if not isinstance(association.protection, CipheredProtection) or not isinstance(told, bytes):
            return told
        if told[:2] != _GET_RESPONSE_NORMAL or told[3:] != bytes([1, result]):
            return told
        meter.fire()
        return None

    wrap(meter.server.services, "answer", answer)


FAMILIES = (
    answers_bad_cipher,
    association_dropped,
    silent_but_done,
    plain_refusal,
    over_silent,
)
