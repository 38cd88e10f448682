"""Association requests of declared clients that are wrong in one point, and what the device makes of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from harness.declaration import AssociationDeclaration
from harness.errors import DecodeError, ProtocolViolation, Silent
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.protocol import acse
from harness.protocol import apdu as xdlms
from harness.protocol.answer_name import answer_name
from harness.session import AssociationRequest, LinkEnded, NoProtection, Protection
from harness.session.association import aarq

__all__ = ["AARQ_VARIANTS", "ask", "ask_as_stranger", "initiate_error", "initiate_response", "wrong_secret"]

Change = Callable[[acse.Aarq], acse.Aarq]
InitiateChange = Callable[[xdlms.InitiateRequest], xdlms.InitiateRequest]

_UNKNOWN_CONTEXT: Final = "2.16.756.5.8.1.9"
_UNKNOWN_MECHANISM: Final = 9
_NOT_VERSION_1: Final = b"\x06\x40"
"""A bit string of two bits, of which only the second is set: version 2."""
_TITLE_OCTETS: Final = 8
_SMALLEST_PDU_OCTETS: Final = 12
_DEDICATED_KEY_OCTETS: Final = 16
_CHALLENGE_OCTETS: Final = 16


def _title_of(length: int) -> Change:
    def change(request: acse.Aarq) -> acse.Aarq:
        title = request.calling_ap_title or bytes(_TITLE_OCTETS)
        return replace(request, calling_ap_title=(title + b"\x00")[:length])

    return change


def _no_mechanism(request: acse.Aarq) -> acse.Aarq:
    value = request.authentication_value or bytes(_CHALLENGE_OCTETS)
    return replace(
        request,
        mechanism=None,
        authentication_value=value,
        acse_requirements=acse.AUTHENTICATION_REQUIREMENT,
    )


def _no_authentication(request: acse.Aarq) -> acse.Aarq:
    return replace(request, mechanism=None, authentication_value=None, acse_requirements=None)


def _unknown_mechanism(request: acse.Aarq) -> acse.Aarq:
    value = request.authentication_value or bytes(_CHALLENGE_OCTETS)
    return replace(
        request,
        mechanism=_UNKNOWN_MECHANISM,
        authentication_value=value,
        acse_requirements=acse.AUTHENTICATION_REQUIREMENT,
    )


def _another_user(request: acse.Aarq) -> acse.Aarq:
    return replace(request, calling_ae_invocation_id=((request.calling_ae_invocation_id or 0) + 101) % 128)


AARQ_VARIANTS: Final[Mapping[str, Change]] = {
    "protocol-version": lambda request: replace(request, protocol_version=_NOT_VERSION_1),
    "application-context": lambda request: replace(request, context=_UNKNOWN_CONTEXT),
    "title-of-7": _title_of(_TITLE_OCTETS - 1),
    "title-of-9": _title_of(_TITLE_OCTETS + 1),
    "mechanism-unknown": _unknown_mechanism,
    "mechanism-missing": _no_mechanism,
    "authentication-missing": _no_authentication,
    "user-unknown": _another_user,
}
"""What is wrong -> how it is made from a good request."""

INITIATE_VARIANTS: Final[Mapping[str, InitiateChange]] = {
    "version-5": lambda initiate: replace(initiate, dlms_version=xdlms.DLMS_VERSION - 1),
    "version-7": lambda initiate: replace(initiate, dlms_version=xdlms.DLMS_VERSION + 1),
    "conformance-empty": lambda initiate: replace(initiate, conformance=xdlms.Conformance(0)),
    "pdu-size-1": lambda initiate: replace(initiate, client_max_receive_pdu_size=1),
    "pdu-size-11": lambda initiate: replace(initiate, client_max_receive_pdu_size=_SMALLEST_PDU_OCTETS - 1),
    "pdu-size-0": lambda initiate: replace(initiate, client_max_receive_pdu_size=0),
    "as-it-is": lambda initiate: initiate,
    "dedicated-key": lambda initiate: replace(initiate, dedicated_key=bytes(range(_DEDICATED_KEY_OCTETS))),
}
"""The same for the InitiateRequest inside."""


def ask(head_end: HeadEnd, declared: AssociationDeclaration, variant: str) -> Provoked:
    """Connect, send the AARQ of a client with one thing changed, name the reaction and give the connection back.

    An association that was opened all the same is released. ``ValueError`` for a variant that does not exist.
    """
    return _ask(head_end, declared, lambda request, protection: _varied(request, protection, variant))


def ask_as_stranger(head_end: HeadEnd, stranger: AssociationDeclaration) -> Provoked:
    """Ask for an association as a client that the device does not know; its link may refuse or ignore it already."""
    try:
        return ask(head_end, stranger, "as-it-is")
    except LinkEnded as ended:
        return Provoked(name=ended.by.lower(), description=str(ended), frame=head_end.last_record)
    except Silent as silent:
        return Provoked(name="silence", description=str(silent), frame=head_end.last_record)


def wrong_secret(head_end: HeadEnd, declared: AssociationDeclaration) -> Provoked:
    """Ask for an association with a wrong password; for mechanism 1 only."""

    def wrong(request: AssociationRequest, protection: Protection) -> bytes:
        return aarq(replace(request, secret=_other_than(request.secret or b"")), protection)

    return _ask(head_end, declared, wrong)


def _other_than(secret: bytes) -> bytes:
    """Return a password of the same length that tells nothing else about the right one."""
    for filler in (b"wrong", b"other"):
        made = (filler * len(secret))[: len(secret)] or filler
        if made != secret:
            return made
    raise ValueError("nothing differs from this password")


def _ask(
    head_end: HeadEnd, declared: AssociationDeclaration, make: Callable[[AssociationRequest, Protection], bytes]
) -> Provoked:
    request = head_end.association_request(declared)
    conversation = head_end.connect(declared)
    try:
        protection: Protection = request.credentials.protection() or NoProtection()
        conversation.protection = protection
        provoked = provoke(conversation, make(request, protection))
        if provoked.name == "aare:0" and declared.mechanism_id <= acse.Mechanism.LOW and not declared.ciphered:
            provoke(conversation, acse.Rlrq(reason=0).to_bytes())
        return provoked
    finally:
        conversation.close()


def _varied(request: AssociationRequest, protection: Protection, variant: str) -> bytes:
    change = AARQ_VARIANTS.get(variant)
    if change is not None:
        return change(acse.Aarq.from_bytes(aarq(request, protection))).to_bytes()
    if variant not in INITIATE_VARIANTS:
        raise ValueError(f"unknown variant {variant!r}; known are {', '.join([*AARQ_VARIANTS, *INITIATE_VARIANTS])}")
    initiate = INITIATE_VARIANTS[variant](request.initiate)
    good = acse.Aarq.from_bytes(aarq(request, NoProtection()))
    return replace(good, user_information=protection.protect(initiate.to_bytes())).to_bytes()


def initiate_error(provoked: Provoked) -> str | None:
    """Return the catalogue name of the confirmed error inside an AARE, None where it carries none that can be read."""
    answer = provoked.received.answer if provoked.received else None
    if not isinstance(answer, acse.Aare) or not answer.user_information:
        return None
    try:
        inner = xdlms.decode_answer(answer.user_information)
    except DecodeError:
        return None
    return answer_name(inner) if isinstance(inner, xdlms.ConfirmedServiceError) else None


def initiate_response(provoked: Provoked, protection: Protection | None = None) -> xdlms.InitiateResponse:
    """Return what an accepting AARE grants; raises ``ProtocolViolation`` where there is nothing of the kind."""
    answer = provoked.received.answer if provoked.received else None
    if not isinstance(answer, acse.Aare) or not answer.user_information:
        raise ProtocolViolation("an accepting AARE without an InitiateResponse")
    plain = (protection or NoProtection()).unprotect(answer.user_information)
    return xdlms.InitiateResponse.from_bytes(plain)
