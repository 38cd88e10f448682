"""TR-Conf.05a: meters that malformed frames bring down, or that answer them as if they were good."""

from collections.abc import Callable
from random import Random

from reference_meter.codec import acse
from reference_meter.codec.acse import Aare
from reference_meter.codec.octets import Malformed, OctetReader
from reference_meter.codec.request import ACTION_REQUEST, GET_REQUEST, SET_REQUEST
from reference_meter.codec.response import encode_response
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.outage import Outage, on_request
from reference_meter.meter import Meter
from reference_meter.server.association import Association, SessionKey
from reference_meter.server.services import MALFORMED

__all__ = ["FAMILIES"]

_KNOWN_TAGS = (acse.AARQ, acse.RLRQ, GET_REQUEST, SET_REQUEST, ACTION_REQUEST)
_PLAIN_GET_OCTETS = 13
_USUAL_END = bytes.fromhex("FF0200")
"""Last octet of an OBIS code, attribute 2, no selection: what a guessing meter puts behind a short request."""
_TRANSIENT = 2


def _outage_s(rng: Random) -> float | None:
    """Draw how long the meter is down; ``None`` until somebody cuts its supply."""
    return rng.choice((20.0, 60.0, None))


@deviation(
    "hangs-on-length-beyond-the-end",
    "TR-Conf.05a",
    about="An association request whose length says more than there is brings the meter down.",
)
def hangs_on_length_beyond_the_end(meter: Meter, rng: Random) -> None:
    """Draw for how long."""
    outage = Outage(meter, _outage_s(rng))

    def says_too_much(apdu: bytes) -> bool:
        if apdu[:1] != bytes([acse.AARQ]):
            return False
        reader = OctetReader(apdu[1:])
        try:
            return reader.length() > reader.remaining
        except Malformed:
            return False

    on_request(meter, says_too_much, outage.begin)


@deviation(
    "crashes-on-unknown-tag", "TR-Conf.05a", about="An APDU with a tag that names no service brings the meter down."
)
def crashes_on_unknown_tag(meter: Meter, rng: Random) -> None:
    """Draw for how long, and whether every unknown tag does so or only odd ones."""
    outage = Outage(meter, _outage_s(rng))
    odd_only = rng.random() < 0.5

    def is_unknown(apdu: bytes) -> bool:
        plain = bool(apdu) and apdu[0] < 0xC8 and apdu[0] not in _KNOWN_TAGS
        return plain and (not odd_only or bool(apdu[0] & 1))

    on_request(meter, is_unknown, outage.begin)


@deviation("stops-after-empty-apdu", "TR-Conf.05a", about="A frame that carries an empty APDU brings the meter down.")
def stops_after_empty_apdu(meter: Meter, rng: Random) -> None:
    """Draw for how long."""
    on_request(meter, lambda apdu: not apdu, Outage(meter, _outage_s(rng)).begin)


@deviation(
    "leaks-associations",
    "TR-Conf.05a",
    about="Each association request that does not decode takes a place in the table of associations for good.",
)
def leaks_associations(meter: Meter, rng: Random) -> None:
    """Draw how many places there are."""
    places = rng.randint(6, 30)
    taken = 0

    def request(original: Callable[[SessionKey, bytes], bytes | None], key: SessionKey, apdu: bytes) -> bytes | None:
        nonlocal taken
        if taken >= places:
            meter.fire()
            return acse.encode_aare(Aare(result=_TRANSIENT, diagnostic=1))
        try:
            acse.decode_aarq(apdu)
        except Malformed:
            taken += 1
        return original(key, apdu)

    def control(original: Callable[[object], object], order: object) -> object:
        nonlocal taken
        if isinstance(order, dict) and order.get("op") == "power_restore":
            taken = 0
        return original(order)

    wrap(meter.server.associations, "request", request)
    wrap(meter, "control", control)


@deviation(
    "restarts-on-unknown-choice",
    "TR-Conf.05a",
    about="A GET of an unknown choice makes the meter restart: all links are cut, and nobody is heard for a while.",
)
def restarts_on_unknown_choice(meter: Meter, rng: Random) -> None:
    """Draw for how long."""
    outage = Outage(meter, rng.uniform(3.0, 10.0))

    def restart() -> None:
        outage.begin()
        meter.drop_links()

    on_request(meter, lambda apdu: apdu[:1] == bytes([GET_REQUEST]) and apdu[1:2] > b"\x03", restart)


@deviation(
    "guesses-the-end-of-a-request",
    "TR-Conf.05a",
    about="A GET that is cut short is answered with data, as if the usual octets stood at its end.",
)
def guesses_the_end_of_a_request(meter: Meter, rng: Random) -> None:
    """Draw how many octets are guessed at most."""
    most = rng.randint(1, len(_USUAL_END))

    def answer(original: Callable[[Association, bytes], object], association: Association, apdu: bytes) -> object:
        missing = _PLAIN_GET_OCTETS - len(apdu)
        if apdu[:2] != bytes([GET_REQUEST, 1]) or not 0 < missing <= most:
            return original(association, apdu)
        meter.fire()
        return original(association, apdu + _USUAL_END[-missing:])

    wrap(meter.server.services, "answer", answer)


@deviation(
    "takes-any-choice-for-normal",
    "TR-Conf.05a",
    about="A GET of an unknown choice is answered with data, as if it were a normal one.",
)
def takes_any_choice_for_normal(meter: Meter, rng: Random) -> None:
    """Draw the mask of the choices that are taken for normal ones."""
    mask = rng.choice((0x7F, 0x0F, 0xFF))

    def answer(original: Callable[[Association, bytes], object], association: Association, apdu: bytes) -> object:
        strange = apdu[:1] == bytes([GET_REQUEST]) and apdu[1:2] > b"\x03" and bool(apdu[1] & mask)
        if not strange:
            return original(association, apdu)
        meter.fire()
        return original(association, bytes([GET_REQUEST, 1]) + apdu[2:])

    wrap(meter.server.services, "answer", answer)


@deviation(
    "forgets-association-after-malformed-request",
    "TR-Conf.05a",
    about="A malformed request is refused rightly, but the association is gone then.",
)
def forgets_association_after_malformed_request(meter: Meter, rng: Random) -> None:
    """Draw whether short requests or unknown choices do so."""
    short = rng.random() < 0.5
    refusal = encode_response(MALFORMED)

    def answer(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        answers = original(key, apdu)
        if answers == [refusal] and (apdu[1:2] == b"\x01") == short:
            meter.fire()
            meter.server.associations.close(key)
        return answers

    wrap(meter.server, "answer", answer)


FAMILIES = (
    hangs_on_length_beyond_the_end,
    crashes_on_unknown_tag,
    stops_after_empty_apdu,
    leaks_associations,
    restarts_on_unknown_choice,
    guesses_the_end_of_a_request,
    takes_any_choice_for_normal,
    forgets_association_after_malformed_request,
)
