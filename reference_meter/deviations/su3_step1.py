"""SU3 step 1: the meter takes the request for data, inside an association and whole."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.acse import Aare, Aarq
from reference_meter.codec.octets import Malformed
from reference_meter.codec.request import GET_REQUEST
from reference_meter.codec.request_decoder import decode_request
from reference_meter.deviations.family import deviation, when_link_is_lost, wrap
from reference_meter.meter import Meter
from reference_meter.server.association import Association, SessionKey

__all__ = ["FAMILIES"]

_AUTHENTICATION_FAILURE, _NO_REASON = 13, 1
_GET_NORMAL, _GET_LIST = 1, 3
_MEASURED_CLASSES = (3, 4, 5, 7)
_DEAF_ASSOCIATIONS = 4
_NORMAL_REQUEST_OCTETS = 13


@deviation(
    "refuses-association-of-one-client",
    "SU3.step1",
    about="The association of one client with the right secret is refused.",
)
def refuses_association(meter: Meter, rng: Random) -> None:
    """Draw the client and the diagnostic."""
    associations = meter.server.associations
    plain = [client for client in meter.configuration.clients if not (client.ciphered or client.pre_established)]
    client = rng.choice(plain).sap
    diagnostic = rng.choice((_AUTHENTICATION_FAILURE, _NO_REASON))

    def accept(original: Callable[[SessionKey, Aarq], Aare], key: SessionKey, aarq: Aarq) -> Aare:
        aare = original(key, aarq)
        if key.client != client or aare.result != 0:
            return aare
        associations.close(key)
        meter.fire()
        return associations.refusal(diagnostic)

    wrap(associations, "accept", accept)


@deviation(
    "ignores-request-after-reassociation",
    "SU3.step1",
    about="After a lost link the client can associate, but its requests for measured data get no answer.",
)
def ignores_request_after_reassociation(meter: Meter, rng: Random) -> None:
    """No parameter: it strikes every client that lost its link."""
    deaf_for: dict[int, int] = {}
    deaf: set[SessionKey] = set()

    def lost(key: SessionKey) -> None:
        deaf.discard(key)
        deaf_for[key.client] = _DEAF_ASSOCIATIONS

    def open_association(original: Callable[..., Association], key: SessionKey, *rest: Any) -> Association:
        deaf.discard(key)
        if deaf_for.get(key.client, 0):
            deaf_for[key.client] -= 1
            deaf.add(key)
        return original(key, *rest)

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        if association.key in deaf and _asks_for_measured_data(apdu):
            meter.fire()
            return None
        return original(association, apdu)

    when_link_is_lost(meter, lost)
    wrap(meter.server.associations, "open_association", open_association)
    wrap(meter.server.services, "answer", answer)


def _asks_for_measured_data(apdu: bytes) -> bool:
    if apdu[:1] != bytes([GET_REQUEST]) or len(apdu) < 6:
        return False
    # The class stands after tag, choice and invoke-id, in a list also after the count.
    offset = 4 if apdu[1] == _GET_LIST else 3
    return apdu[1] in (_GET_NORMAL, _GET_LIST) and int.from_bytes(apdu[offset : offset + 2], "big") in _MEASURED_CLASSES


@deviation(
    "answers-without-association",
    "SU3.step1",
    about="A GET request of a known client gets its data although there is no association.",
)
def answers_without_association(meter: Meter, rng: Random) -> None:
    """No parameter."""
    server = meter.server

    def answer(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        profile = server.model.client(key.client)
        if profile is None or server.associations.find(key) is not None or apdu[:1] != bytes([GET_REQUEST]):
            return original(key, apdu)
        limit = server.settings.server_max_receive_pdu_size
        borrowed = Association(
            key=key,
            conformance=profile.conformance,
            send_limit=limit,
            receive_limit=limit,
            mechanism=profile.mechanism,
        )
        answers: list[bytes] = server.answer_whole(borrowed, apdu)
        if not any(map(_is_data, answers)):
            return original(key, apdu)
        meter.fire()
        return answers

    wrap(server, "answer", answer)


def _is_data(apdu: bytes) -> bool:
    """Whether this is a GET response with a value."""
    return apdu[:2] in (b"\xc4\x01", b"\xc4\x03") and apdu[3] in range(1 if apdu[1] == _GET_NORMAL else 0x80)


@deviation(
    "truncated-request-gets-data",
    "SU3.step1",
    about="A GET request that is cut short is taken as if its missing octets had come, and gets data.",
)
def truncated_request_gets_data(meter: Meter, rng: Random) -> None:
    """What is missing is taken from a request for the import energy."""
    total = meter.configuration.instances.energy_import_total
    whole = bytes.fromhex("C0 01 C1 0003") + total + bytes.fromhex("02 00")

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        if apdu[:1] == bytes([GET_REQUEST]) and len(apdu) < _NORMAL_REQUEST_OCTETS and _is_malformed(apdu):
            completed = original(association, apdu + whole[len(apdu) :])
            if isinstance(completed, bytes) and _is_data(completed):
                meter.fire()
                return completed
        return original(association, apdu)

    wrap(meter.server.services, "answer", answer)


def _is_malformed(apdu: bytes) -> bool:
    try:
        decode_request(apdu)
    except Malformed:
        return True
    return False


FAMILIES = (
    refuses_association,
    ignores_request_after_reassociation,
    answers_without_association,
    truncated_request_gets_data,
)
