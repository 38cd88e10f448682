"""Attempts to associate with a wrong secret: a wrong password, or a wrong answer to the device's challenge."""

from typing import Final

from harness.declaration import AssociationDeclaration, CosemObject
from harness.errors import Inconclusive
from harness.headend.head_end import HeadEnd
from harness.headend.requests import get_request
from harness.headend.stimuli.aarq_variants import wrong_secret
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.headend.stimuli.stimulus import clients_at, is_of_link
from harness.protocol import acse, axdr, cosem
from harness.protocol import apdu as xdlms
from harness.session import AssociationRequest, NoProtection
from harness.session.association import aarq
from harness.session.protection_ciphered import CipheredProtection

__all__ = ["clients_with_challenge", "clients_with_password", "fail_to_authenticate", "wrong_answer"]

_LOW_LEVEL: Final = 1
_REPLY_TO_HLS: Final = xdlms.MethodDescriptor(15, cosem.obis("0.0.40.0.0.255"), 1)
_GMAC_CONTROL: Final = b"\x10"
_GMAC_TAG_OCTETS: Final = 12
_ANSWER_OCTETS: Final = {2: 16, 3: 16, 4: 20, 6: 32, 7: 64}
"""Length of an answer to a challenge by mechanism; a signature of suite 1 for the last."""
_SUITE_2_SIGNATURE_OCTETS: Final = 96
_SUITE_2: Final = 2


def clients_with_password(head_end: HeadEnd) -> tuple[AssociationDeclaration, ...]:
    """Return the clients of this door that associate with a password."""
    return tuple(one for one in clients_at(head_end) if one.mechanism_id == _LOW_LEVEL)


def clients_with_challenge(head_end: HeadEnd) -> tuple[AssociationDeclaration, ...]:
    """Return the clients of this door that answer a challenge."""
    return tuple(one for one in clients_at(head_end) if one.mechanism_id > _LOW_LEVEL)


def fail_to_authenticate(head_end: HeadEnd, declared: AssociationDeclaration) -> Provoked:
    """Try to associate with a wrong secret and name what came of it."""
    if declared.mechanism_id == _LOW_LEVEL:
        return wrong_secret(head_end, declared)
    return wrong_answer(head_end, declared)[0]


def wrong_answer(
    head_end: HeadEnd, declared: AssociationDeclaration, wanted: CosemObject | None = None
) -> tuple[Provoked, Provoked | None]:
    """Answer the device's challenge wrongly; then ask for data in the same association, if there is one left.

    What is asked for is ``wanted``, or what good exchanges read.

    Returns what came of the answer and of the request for data. Raises ``Inconclusive`` where no challenge came.
    """
    request = head_end.association_request(declared)
    conversation = head_end.connect(declared)
    try:
        protection = request.credentials.protection()
        conversation.protection = protection or NoProtection()
        invited = provoke(conversation, aarq(request, conversation.protection))
        answer = invited.received.answer if invited.received else None
        if not isinstance(answer, acse.Aare) or answer.result != 0:
            raise Inconclusive(f"basis: no challenge came but {invited.description}", missing="device")
        if isinstance(protection, CipheredProtection):
            protection.meet(answer.responding_ap_title)
        reply = axdr.encode(axdr.Data(axdr.DataType.OCTET_STRING, _wrong(declared, request)))
        apdu = xdlms.ActionRequestNormal(invoke=0x41, method=_REPLY_TO_HLS, parameter=reply).to_bytes()
        refused = provoke(conversation, apdu, 0x41)
        if is_of_link(refused.name):
            return refused, None
        return refused, provoke(conversation, get_request(wanted or head_end.declaration.probe))
    finally:
        conversation.close()


def _wrong(declared: AssociationDeclaration, request: AssociationRequest) -> bytes:
    """Return an answer of the right form that proves nothing."""
    if declared.mechanism_id == acse.Mechanism.HIGH_GMAC:
        credentials = request.credentials
        counter = credentials.recall("counter of a wrong answer", lambda: credentials.counter().to_bytes(4, "big"))
        return _GMAC_CONTROL + counter + bytes(_GMAC_TAG_OCTETS)
    octets = _ANSWER_OCTETS[declared.mechanism_id]
    is_suite_2 = declared.security is not None and declared.security.suite == _SUITE_2
    if declared.mechanism_id == acse.Mechanism.HIGH_ECDSA and is_suite_2:
        octets = _SUITE_2_SIGNATURE_OCTETS
    return bytes(range(1, octets + 1))
