"""High level security: the third and fourth pass, in which both sides answer each other's challenge."""

from harness.errors import ProtocolViolation, Refused
from harness.protocol import acse, axdr, security
from harness.protocol import apdu as xdlms
from harness.protocol.cosem import obis
from harness.session.credentials import Credentials
from harness.session.recall import recalled
from harness.session.services import Services

__all__ = ["authenticate", "challenge_of"]

_REPLY_TO_HLS = xdlms.MethodDescriptor(15, obis("0.0.40.0.0.255"), 1)
_NEED_TITLES = frozenset({acse.Mechanism.HIGH_GMAC, acse.Mechanism.HIGH_SHA256, acse.Mechanism.HIGH_ECDSA})


def challenge_of(answer: acse.Aare, mechanism: int, ours: bytes) -> bytes:
    """Return the device's challenge in an accepting AARE; raises ``ProtocolViolation`` for none or a useless one."""
    if answer.diagnostic != acse.UserDiagnostic.AUTHENTICATION_REQUIRED or answer.diagnostic_source != "user":
        raise ProtocolViolation(f"{answer.describe()}; due is diagnostic authentication-required (14)")
    if answer.mechanism != mechanism:
        raise ProtocolViolation(f"AARE names mechanism {answer.mechanism}, asked for was {mechanism}")
    challenge = answer.authentication_value
    if challenge is None or len(challenge) not in security.CHALLENGE_OCTETS:
        raise ProtocolViolation(f"a challenge of {len(challenge or b'')} octets, due are 8 to 64")
    if challenge == ours:
        raise ProtocolViolation("the device gives our own challenge back")
    return challenge


def authenticate(
    services: Services, credentials: Credentials, *, mechanism: int, challenge: bytes, server_title: bytes | None
) -> None:
    """Answer the device's challenge and check its answer to ours.

    Raises ``Refused`` when the device does not take our answer, ``NotAuthentic`` when its own is wrong.
    """
    own_title = credentials.client_title or b""
    if mechanism in _NEED_TITLES and server_title is None:
        raise ProtocolViolation("the device gives no system title, and none is declared")
    peer_title = server_title or b""
    ours = security.Challenges(
        received=challenge, sent=credentials.challenge, own_title=own_title, peer_title=peer_title
    )

    def response() -> bytes:
        counter = credentials.counter() if mechanism == acse.Mechanism.HIGH_GMAC else 0
        return security.response(mechanism, ours, credentials.hls, counter=counter)

    reply = recalled(credentials.recall, "our answer to the challenge", response)
    done = services.action(_REPLY_TO_HLS, axdr.encode(axdr.Data(axdr.DataType.OCTET_STRING, reply)))
    if done.result != 0:
        raise Refused(
            f"association refused: our answer to the challenge gets action-result {done.result}",
            f"action:{done.result}",
        )
    if done.data is None:
        raise ProtocolViolation("the device does not answer our challenge")
    answer = axdr.decode(done.data)
    if answer.type is not axdr.DataType.OCTET_STRING or not isinstance(answer.value, bytes):
        raise ProtocolViolation(f"the answer to our challenge is {answer.type.name}, due is an octet string")
    theirs = security.Challenges(
        received=credentials.challenge, sent=challenge, own_title=peer_title, peer_title=own_title
    )
    checked = answer.value

    def check() -> bytes:
        security.check_response(mechanism, checked, theirs, credentials.hls)
        return b""

    recalled(credentials.recall, "the device's answer to our challenge", check)
