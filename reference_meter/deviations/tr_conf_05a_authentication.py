"""TR-Conf.05, first sentence: wrong secrets that are taken, not logged or punished for good, and wrong releases."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.acse import Aare, Aarq
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.server.association import Association, SessionKey

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05a"
_AUTHENTICATION_FAILED = 13
_REPLY = b"\x10" + bytes(16)


@deviation("wrong-password-accepted", _CLAUSE, about="A wrong password is accepted from one of the clients.")
def wrong_password_accepted(meter: Meter, rng: Random) -> None:
    """Draw nothing: the first client with a password that somebody tries."""

    def authenticate(
        original: Callable[[int, int, bytes | None], bool], client: int, mechanism: int, secret: bytes | None
    ) -> bool:
        if original(client, mechanism, secret):
            return True
        meter.fire()
        return True

    wrap(meter.server.model, "authenticate", authenticate)


@deviation("wrong-answer-to-challenge-accepted", _CLAUSE, about="Any answer to the meter's challenge is accepted.")
def wrong_answer_accepted(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def finish(original: Callable[[bytes], bytes | None], reply: bytes) -> bytes:
        answer = original(reply)
        if answer is not None:
            return answer
        meter.fire()
        return _REPLY

    _each_authentication(meter, lambda association: wrap(association.authentication, "finish", finish))


@deviation(
    "failed-authentication-leaves-association-open",
    _CLAUSE,
    about="A wrong answer to the challenge is refused, and then the client is served all the same.",
)
def failed_authentication_leaves_open(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        given = original(association, apdu)
        if association.rejected and association.authentication is not None:
            association.rejected, association.authentication = False, None
            meter.fire()
        return given

    wrap(meter.server.services, "answer", answer)


def _each_authentication(meter: Meter, adapt: Callable[[Association], None]) -> None:
    adapted: set[int] = set()

    def answer(original: Callable[[Association, bytes], Any], association: Association, apdu: bytes) -> Any:
        if association.authentication is not None and id(association.authentication) not in adapted:
            adapted.add(id(association.authentication))
            adapt(association)
        return original(association, apdu)

    wrap(meter.server.services, "answer", answer)


@deviation("authentication-failure-not-logged", _CLAUSE, about="Failed authentications are not logged.")
def failure_not_logged(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def authentication_failed(original: Callable[[int], None], client: int) -> None:
        meter.fire()

    wrap(meter.server.model, "authentication_failed", authentication_failed)


@deviation(
    "failure-locks-client-out-for-good", _CLAUSE, about="After a failed authentication a client never gets in again."
)
def locks_out_for_good(meter: Meter, rng: Random) -> None:
    """No parameter: it strikes every client that fails."""
    locked: set[int] = set()

    def authentication_failed(original: Callable[[int], None], client: int) -> None:
        original(client)
        locked.add(client)

    def accept(original: Callable[[SessionKey, Aarq], Aare], key: SessionKey, aarq: Aarq) -> Aare:
        if key.client not in locked:
            return original(key, aarq)
        meter.fire()
        return meter.server.associations.refusal(_AUTHENTICATION_FAILED)

    wrap(meter.server.model, "authentication_failed", authentication_failed)
    wrap(meter.server.associations, "accept", accept)


@deviation("release-leaves-association-open", _CLAUSE, about="A released association goes on answering.")
def release_leaves_open(meter: Meter, rng: Random) -> None:
    """No parameter."""
    associations = meter.server.associations

    def release(original: Callable[[SessionKey, bytes], bytes | None], key: SessionKey, apdu: bytes) -> bytes | None:
        association = associations.find(key)
        answer = original(key, apdu)
        if association is not None and answer is not None:
            associations.open[key] = association
            meter.fire()
        return answer

    wrap(associations, "release", release)


@deviation(
    "connection-takes-one-association", _CLAUSE, about="After a release the connection takes no new association."
)
def takes_one_association(meter: Meter, rng: Random) -> None:
    """No parameter."""
    associations = meter.server.associations
    used: set[int] = set()

    def release(original: Callable[[SessionKey, bytes], bytes | None], key: SessionKey, apdu: bytes) -> bytes | None:
        used.add(key.link_id)
        return original(key, apdu)

    def accept(original: Callable[[SessionKey, Aarq], Aare], key: SessionKey, aarq: Aarq) -> Aare:
        if key.link_id not in used:
            return original(key, aarq)
        meter.fire()
        return associations.refusal(1)

    wrap(associations, "release", release)
    wrap(associations, "accept", accept)


@deviation("release-ends-all-associations", _CLAUSE, about="The release of one client ends the associations of all.")
def release_ends_all(meter: Meter, rng: Random) -> None:
    """No parameter."""
    associations = meter.server.associations

    def release(original: Callable[[SessionKey, bytes], bytes | None], key: SessionKey, apdu: bytes) -> bytes | None:
        answer = original(key, apdu)
        for other in [other for other in associations.open if other.link_id != key.link_id]:
            associations.close(other)
            meter.fire()
        return answer

    wrap(associations, "release", release)


FAMILIES = (
    wrong_password_accepted,
    wrong_answer_accepted,
    failed_authentication_leaves_open,
    failure_not_logged,
    locks_out_for_good,
    release_leaves_open,
    takes_one_association,
    release_ends_all,
)
