"""Application associations: AARQ to AARE, the passes of high level security, and the way out by RLRQ."""

from dataclasses import dataclass, field, replace

from harness.errors import ProtocolViolation, Refused
from harness.protocol import acse
from harness.protocol import apdu as xdlms
from harness.protocol.answer_name import answer_name
from harness.session.conversation import Conversation, Received
from harness.session.credentials import Credentials
from harness.session.high_level import authenticate, challenge_of
from harness.session.protection import NoProtection, Protection
from harness.session.services import Services

__all__ = ["Association", "AssociationRequest", "PreEstablished", "aarq", "associate"]

_LOGICAL_NAME_VAA = 0x0007


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationRequest:
    """What a client asks for when it associates."""

    context: acse.ApplicationContext
    mechanism: int
    """0 lowest level, 1 low level with a password, 2 to 7 high level security."""
    secret: bytes | None = field(repr=False)
    """Password of mechanism 1."""
    conformance: xdlms.Conformance
    max_receive_pdu_size: int
    user_id: int | None = None
    """Who uses the client, for devices that tell its users apart."""
    credentials: Credentials = field(default_factory=Credentials)
    """Titles, keys and challenge, for ciphered contexts and high level security."""

    @property
    def initiate(self) -> xdlms.InitiateRequest:
        """What is proposed."""
        return xdlms.InitiateRequest(
            dedicated_key=self.credentials.dedicated_key,
            conformance=self.conformance,
            client_max_receive_pdu_size=self.max_receive_pdu_size,
        )


class Association:
    """An established association: its services and what was negotiated."""

    def __init__(
        self,
        conversation: Conversation,
        negotiated: xdlms.InitiateResponse,
        *,
        request: AssociationRequest,
        accepted: Received,
        largest_answer_octets: int,
    ) -> None:
        self.conversation = conversation
        self.negotiated = negotiated
        self.accepted = accepted
        self._request = request
        room = negotiated.server_max_receive_pdu_size
        if room:
            room = max(1, room - conversation.protection.overhead_octets)
        self.services = Services(
            conversation.exchange,
            server_max_receive_octets=room,
            largest_answer_octets=largest_answer_octets,
            deliver=conversation.deliver,
        )

    @property
    def credentials(self) -> Credentials:
        """What the client has proved itself with."""
        return self._request.credentials

    @property
    def may_get(self) -> bool:
        """Whether the GET service was negotiated."""
        return bool(self.negotiated.conformance & xdlms.Conformance.GET)

    @property
    def may_list(self) -> bool:
        """Whether requests with lists were negotiated."""
        return bool(self.negotiated.conformance & xdlms.Conformance.MULTIPLE_REFERENCES)

    def release(self) -> None:
        """Release the association; raises ``ProtocolViolation`` when the answer is no RLRE.

        In a ciphered context the InitiateRequest goes along, protected, and what the RLRE holds must be sound.
        """
        protection = self.conversation.protection
        content = None
        if self._request.credentials.control is not None:
            initiate = replace(self._request.initiate, dedicated_key=None)
            content = protection.protect(initiate.to_bytes())
        received = self.conversation.exchange(acse.Rlrq(reason=0, user_information=content).to_bytes())
        answer = received.answer
        if not isinstance(answer, acse.Rlre):
            raise ProtocolViolation(f"{answer.describe()} instead of RLRE")
        if content is not None and answer.user_information is not None:
            protection.unprotect(answer.user_information)


class PreEstablished:
    """What is there without an AARQ: requests that ask for no answer."""

    def __init__(self, conversation: Conversation, *, largest_answer_octets: int) -> None:
        self.conversation = conversation
        self.services = Services(
            conversation.exchange,
            server_max_receive_octets=0,
            largest_answer_octets=largest_answer_octets,
            deliver=conversation.deliver,
        )

    def release(self) -> None:
        """Do nothing: what is always there is not released."""


def aarq(request: AssociationRequest, protection: Protection) -> bytes:
    """Return the octets of the AARQ that asks for it."""
    low_level = request.mechanism == acse.Mechanism.LOW
    authentication = request.secret if low_level else request.credentials.challenge
    return acse.Aarq(
        context=request.context,
        mechanism=request.mechanism or None,
        authentication_value=authentication if request.mechanism else None,
        calling_ap_title=request.credentials.client_title,
        calling_ae_invocation_id=request.user_id,
        user_information=protection.protect(request.initiate.to_bytes()),
    ).to_bytes()


def associate(conversation: Conversation, request: AssociationRequest, *, largest_answer_octets: int) -> Association:
    """Associate over an open conversation; raises ``Refused`` with the answer's catalogue name."""
    ciphered = request.credentials.protection()
    conversation.protection = ciphered or NoProtection()
    received = conversation.exchange(aarq(request, conversation.protection))
    answer = received.answer
    if not isinstance(answer, acse.Aare):
        name = answer_name(answer)
        if name.startswith(("exception:", "confirmed:")):
            raise Refused(f"association refused: {answer.describe()}", name)
        raise ProtocolViolation(f"{answer.describe()} instead of AARE")
    if answer.result != 0:
        raise Refused(f"association refused: {answer.describe()}", answer_name(answer))
    if ciphered is not None:
        ciphered.meet(answer.responding_ap_title)
    association = Association(
        conversation,
        _negotiated(answer, request, conversation.protection),
        request=request,
        accepted=received,
        largest_answer_octets=largest_answer_octets,
    )
    if request.mechanism > acse.Mechanism.LOW:
        authenticate(
            association.services,
            request.credentials,
            mechanism=request.mechanism,
            challenge=challenge_of(answer, request.mechanism, request.credentials.challenge),
            server_title=answer.responding_ap_title or request.credentials.server_title,
        )
    if ciphered is not None and request.credentials.dedicated_key is not None:
        ciphered.use_dedicated(request.credentials.dedicated_key)
    return association


def _negotiated(answer: acse.Aare, request: AssociationRequest, protection: Protection) -> xdlms.InitiateResponse:
    if answer.context != request.context:
        raise ProtocolViolation(f"AARE names context {answer.context}, asked for was {request.context}")
    if answer.user_information is None:
        raise ProtocolViolation("an accepting AARE without an InitiateResponse")
    negotiated = xdlms.InitiateResponse.from_bytes(protection.unprotect(answer.user_information))
    if negotiated.vaa_name != _LOGICAL_NAME_VAA:
        raise ProtocolViolation(f"vaa-name {negotiated.vaa_name:04X}, due for logical names is 0007")
    if request.credentials.general and not negotiated.conformance & xdlms.Conformance.GENERAL_PROTECTION:
        raise ProtocolViolation("general protection is declared, and the device does not grant it")
    return negotiated
