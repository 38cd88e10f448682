"""TR-Conf.04: one error that is described in two ways, by door, by ciphering or by form of the request."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.axdr import Pair
from reference_meter.codec.response import ExceptionResponse, encode_response
from reference_meter.deviations.answers import Refusal, change_refusals_of, is_over_hdlc
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.server.association import Association
from reference_meter.server.ciphered_protection import CipheredProtection

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.04a"
_OTHER = 250
_DENIED, _UNDEFINED, _CLASS, _UNAVAILABLE = 3, 4, 9, 11
_ANOTHER_RESULT = (
    ("get", _UNDEFINED, _UNAVAILABLE),
    ("get", _CLASS, _UNDEFINED),
    ("get", _UNAVAILABLE, _DENIED),
    ("action", _UNDEFINED, _UNAVAILABLE),
)
"""Service, result and another one that devices may give for the same condition."""


@deviation("one-result-for-everything-at-one-door", _CLAUSE, about="At one door every refusal has the same result.")
def one_result_at_one_door(meter: Meter, rng: Random) -> None:
    """Draw the door."""
    over_hdlc = rng.choice((True, False))

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes:
        return refusal.replaced(answer, _OTHER) if is_over_hdlc(meter, association) == over_hdlc else answer

    change_refusals_of(meter, change)


@deviation(
    "another-result-at-one-door", _CLAUSE, about="At one door an error has another result, itself a permitted one."
)
def another_result_at_one_door(meter: Meter, rng: Random) -> None:
    """Draw door and error."""
    over_hdlc = rng.choice((True, False))
    service, meant, told = rng.choice(_ANOTHER_RESULT)

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes:
        if (refusal.service, refusal.result) != (service, meant) or is_over_hdlc(meter, association) != over_hdlc:
            return answer
        return refusal.replaced(answer, told)

    change_refusals_of(meter, change)


@deviation("exception-for-result-at-one-door", _CLAUSE, about="At one door a wrong class gets an exception response.")
def exception_at_one_door(meter: Meter, rng: Random) -> None:
    """Draw the door."""
    over_hdlc = rng.choice((True, False))
    exception = encode_response(ExceptionResponse(state_error=1, service_error=1))

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes:
        if refusal.result != _CLASS or is_over_hdlc(meter, association) != over_hdlc:
            return answer
        return exception

    change_refusals_of(meter, change)


@deviation("ciphered-error-differs", _CLAUSE, about="Ciphered clients get another result for an unknown object.")
def ciphered_error_differs(meter: Meter, rng: Random) -> None:
    """Draw the other result."""
    told = rng.choice((_DENIED, _UNAVAILABLE))

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes:
        if refusal.result != _UNDEFINED or not isinstance(association.protection, CipheredProtection):
            return answer
        return refusal.replaced(answer, told)

    change_refusals_of(meter, change)


@deviation("error-at-end-of-blocks-differs", _CLAUSE, about="A write in blocks ends in another result than one alone.")
def error_of_blocks_differs(meter: Meter, rng: Random) -> None:
    """Draw the other result."""
    told = rng.choice((_DENIED, _UNAVAILABLE))

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes:
        if not refusal.in_blocks or refusal.service != "set" or refusal.result != _UNDEFINED:
            return answer
        return refusal.replaced(answer, told)

    change_refusals_of(meter, change)


@deviation("error-in-list-differs", _CLAUSE, about="In a list an unknown object has another result than alone.")
def error_in_list_differs(meter: Meter, rng: Random) -> None:
    """Draw the other result."""
    told = rng.choice((_DENIED, _UNAVAILABLE, _OTHER))

    def encode_results(original: Callable[[list[Pair | int]], Any], results: list[Pair | int]) -> Any:
        changed = [told if result == _UNDEFINED else result for result in results]
        if changed != list(results):
            meter.fire()
        return original(changed)

    wrap(meter.server.services.gets, "encode_results", encode_results)


@deviation("register-differs-at-one-door", _CLAUSE, about="The error or the alarm register has other bits at one door.")
def register_differs_at_one_door(meter: Meter, rng: Random) -> None:
    """Draw door, register and bit."""
    over_hdlc = rng.choice((True, False))
    register = rng.choice((bytes.fromhex("0000616100FF"), bytes.fromhex("0000616200FF")))
    bit = 1 << rng.randrange(8)
    asking: list[Association] = []

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        asking[:] = [association]
        return original(association, apdu)

    def get(original: Callable[..., Pair], client: int, class_id: int, obis: bytes, *rest: Any) -> Pair:
        tag, value = original(client, class_id, obis, *rest)
        differs = obis == register and asking and is_over_hdlc(meter, asking[0]) == over_hdlc
        if not differs or not isinstance(value, int):
            return tag, value
        meter.fire()
        return tag, value ^ bit

    wrap(meter.server.services, "answer", answer)
    wrap(meter.server.model, "get", get)


FAMILIES = (
    one_result_at_one_door,
    another_result_at_one_door,
    exception_at_one_door,
    ciphered_error_differs,
    error_of_blocks_differs,
    error_in_list_differs,
    register_differs_at_one_door,
)
