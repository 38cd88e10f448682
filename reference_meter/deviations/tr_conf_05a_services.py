"""TR-Conf.05, first sentence: wrong reasons for what is refused within an association, and associations that die."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec import conformance as bits
from reference_meter.codec.request import ACTION_REQUEST, GET_REQUEST, SET_REQUEST
from reference_meter.deviations.answers import Refusal, change_refusals_of, readable
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.objects import CosemObject
from reference_meter.server.association import Association, SessionKey
from reference_meter.server.model_port import AccessRefused

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05a"
_HARDWARE_FAULT, _TEMPORARY_FAILURE = 1, 2
_DENIED, _UNDEFINED, _CLASS, _UNAVAILABLE, _TYPE = 3, 4, 9, 11, 12
_NO_LONG_GET, _NO_LONG_SET, _BLOCK_NUMBER, _OTHER = 16, 18, 19, 250
_NO_LONG_ACTION = 16
_LONGEST_PDU_OCTETS = 0xFFFF

# Of each service the results of refusals that clients meet whose requests are right but for one thing.
_REFUSALS = (
    ("get", _DENIED),
    ("get", _UNDEFINED),
    ("get", _CLASS),
    ("get", _UNAVAILABLE),
    ("get", _NO_LONG_GET),
    ("get", _BLOCK_NUMBER),
    ("set", _DENIED),
    ("set", _UNDEFINED),
    ("set", _TYPE),
    ("set", _NO_LONG_SET),
    ("set", _BLOCK_NUMBER),
    ("action", _UNDEFINED),
    ("action", _UNAVAILABLE),
    ("action", _NO_LONG_ACTION),
)

# Exceptions by state and service error -> one that fits something else.
_OTHER_EXCEPTIONS = {(1, 2): (2, 1), (2, 2): (2, 3), (2, 3): (1, 4), (1, 4): (2, 2)}
_EXCEPTION = 0xD8


@deviation(
    "refusal-with-wrong-result", _CLAUSE, about="One kind of refusal comes with a result that is not its reason."
)
def refusal_with_wrong_result(meter: Meter, rng: Random) -> None:
    """Draw service and result, and which fault of the device is blamed."""
    drawn = rng.choice(_REFUSALS)
    told = rng.choice((_HARDWARE_FAULT, 15))

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes:
        if (refusal.service, refusal.result) != drawn:
            return answer
        return refusal.replaced(answer, told)

    change_refusals_of(meter, change)


@deviation("refusal-not-answered", _CLAUSE, about="One kind of refusal is no answer at all.")
def refusal_not_answered(meter: Meter, rng: Random) -> None:
    """Draw service and result."""
    drawn = rng.choice(_REFUSALS)

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes | None:
        return None if (refusal.service, refusal.result) == drawn else answer

    change_refusals_of(meter, change)


@deviation(
    "one-reason-for-everything",
    _CLAUSE,
    "TR-Conf.04a",
    about="Whatever is refused within an association, the result is the same.",
)
def one_reason_for_everything(meter: Meter, rng: Random) -> None:
    """Draw the result."""
    told = rng.choice((_OTHER, _TEMPORARY_FAILURE, _DENIED))

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes:
        return refusal.replaced(answer, told)

    change_refusals_of(meter, change)


@deviation("refusal-ends-association", _CLAUSE, about="After one kind of refusal the association is gone.")
def refusal_ends_association(meter: Meter, rng: Random) -> None:
    """Draw service and result."""
    drawn = rng.choice(_REFUSALS)
    dead: set[SessionKey] = set()

    def change(association: Association, refusal: Refusal, answer: bytes) -> bytes:
        if (refusal.service, refusal.result) == drawn:
            dead.add(association.key)
        return answer

    change_refusals_of(meter, change)
    _end_the_dead(meter, dead)


@deviation("malformed-request-ends-association", _CLAUSE, about="A request that cannot be read ends the association.")
def malformed_request_ends_association(meter: Meter, rng: Random) -> None:
    """Draw the service."""
    tag = rng.choice((GET_REQUEST, SET_REQUEST, ACTION_REQUEST))
    dead: set[SessionKey] = set()

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        if association.authentication is None and apdu[:1] == bytes([tag]) and readable(apdu) is None:
            dead.add(association.key)
        return original(association, apdu)

    wrap(meter.server.services, "answer", answer)
    _end_the_dead(meter, dead)


def _end_the_dead(meter: Meter, dead: set[SessionKey]) -> None:
    """End these associations once their answer is on its way."""

    def exchange(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        answers = original(key, apdu)
        if key in dead:
            dead.discard(key)
            meter.server.associations.close(key)
            meter.fire()
        return answers

    wrap(meter.server, "exchange", exchange)


@deviation("exception-of-another-kind", _CLAUSE, about="One kind of exception response says something else than is so.")
def exception_of_another_kind(meter: Meter, rng: Random) -> None:
    """Draw the kind."""
    meant = rng.choice(tuple(_OTHER_EXCEPTIONS))
    told = bytes([_EXCEPTION, *_OTHER_EXCEPTIONS[meant]])

    def answer(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        answers = original(key, apdu)
        if answers != [bytes([_EXCEPTION, *meant])]:
            return answers
        meter.fire()
        return [told]

    wrap(meter.server, "answer", answer)


@deviation(
    "request-outside-association-not-answered", _CLAUSE, about="What comes outside an association gets no answer."
)
def outside_association_not_answered(meter: Meter, rng: Random) -> None:
    """No parameter."""
    server = meter.server

    def answer(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        answers = original(key, apdu)
        if apdu[:1] != bytes([GET_REQUEST]) or server.associations.find(key) is not None or not answers:
            return answers
        meter.fire()
        return []

    wrap(server, "answer", answer)


@deviation("service-served-though-not-agreed-on", _CLAUSE, about="A service is served that was not agreed on.")
def service_not_agreed_on(meter: Meter, rng: Random) -> None:
    """Draw the service."""
    tag, bit = rng.choice(((GET_REQUEST, bits.GET), (SET_REQUEST, bits.SET), (ACTION_REQUEST, bits.ACTION)))

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        if association.authentication is not None or apdu[:1] != bytes([tag]) or association.has(bit):
            return original(association, apdu)
        meter.fire()
        agreed = association.conformance
        association.conformance = agreed | bit
        try:
            return original(association, apdu)
        finally:
            association.conformance = agreed

    wrap(meter.server.services, "answer", answer)


@deviation("too-long-request-taken", _CLAUSE, about="A request longer than the meter takes is carried out.")
def too_long_request_taken(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def receive_limit(original: Callable[[SessionKey], int], key: SessionKey) -> int:
        return _LONGEST_PDU_OCTETS

    def answer(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        association = meter.server.associations.find(key)
        if association is not None and len(apdu) > association.receive_limit:
            meter.fire()
        return original(key, apdu)

    wrap(meter.server, "receive_limit", receive_limit)
    wrap(meter.server, "answer", answer)


@deviation("wrong-class-served", _CLAUSE, about="An object is served by its OBIS code, whatever class is asked for.")
def wrong_class_served(meter: Meter, rng: Random) -> None:
    """No parameter."""
    model = meter.model

    def find(
        original: Callable[[int, int, bytes], CosemObject], client: int, class_id: int, obis: bytes
    ) -> CosemObject:
        try:
            return original(client, class_id, obis)
        except AccessRefused as refusal:
            if refusal.result != _CLASS:
                raise
        meter.fire()
        return original(client, model.objects[obis].class_id, obis)

    wrap(model, "find", find)


@deviation("selection-ignored", _CLAUSE, about="A selection that the attribute does not know is passed over.")
def selection_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def get(
        original: Callable[..., Any], client: int, class_id: int, obis: bytes, attribute: int, selection: Any
    ) -> Any:
        try:
            return original(client, class_id, obis, attribute, selection)
        except AccessRefused as refusal:
            if selection is None or refusal.result != _OTHER:
                raise
        meter.fire()
        return original(client, class_id, obis, attribute, None)

    wrap(meter.server.model, "get", get)


@deviation(
    "unfit-value-said-to-be-taken",
    _CLAUSE,
    about="A value that does not fit is not written, and the answer is success.",
)
def unfit_value_taken(meter: Meter, rng: Random) -> None:
    """Draw whether it is the type or the range that does not fit."""
    passed = rng.choice((_TYPE, _OTHER))

    def set_(original: Callable[..., int], *request: Any) -> int:
        result = original(*request)
        if result != passed:
            return result
        meter.fire()
        return 0

    wrap(meter.server.model, "set", set_)


@deviation("wrong-block-number-served", _CLAUSE, about="The next block is sent whatever block the client asks for.")
def wrong_block_number_served(meter: Meter, rng: Random) -> None:
    """No parameter."""
    gets = meter.server.services.gets

    def answer_next(original: Callable[..., Any], association: Association, request: Any) -> Any:
        transfer = association.long_get
        if transfer is None or request.number == transfer.number:
            return original(association, request)
        meter.fire()
        return gets.next_block(association, request.invoke, transfer)

    wrap(gets, "answer_next", answer_next)


FAMILIES = (
    refusal_with_wrong_result,
    refusal_not_answered,
    one_reason_for_everything,
    refusal_ends_association,
    malformed_request_ends_association,
    exception_of_another_kind,
    outside_association_not_answered,
    service_not_agreed_on,
    too_long_request_taken,
    wrong_class_served,
    selection_ignored,
    unfit_value_taken,
    wrong_block_number_served,
)
