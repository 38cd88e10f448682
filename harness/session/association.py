"""Application associations: AARQ to AARE, and the way out by RLRQ."""

from dataclasses import dataclass, field

from harness.errors import ProtocolViolation, Refused
from harness.protocol import acse
from harness.protocol import apdu as xdlms
from harness.protocol.answer_name import answer_name
from harness.session.conversation import Conversation, Received
from harness.session.services import Services

__all__ = ["Association", "AssociationRequest", "associate"]

_LOGICAL_NAME_VAA = 0x0007


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationRequest:
    """What a client asks for when it associates."""

    context: acse.ApplicationContext
    mechanism: int
    """0 lowest level, 1 low level with a password."""
    secret: bytes | None = field(repr=False)
    conformance: xdlms.Conformance
    max_receive_pdu_size: int


class Association:
    """An established association: its services and what was negotiated."""

    def __init__(
        self,
        conversation: Conversation,
        negotiated: xdlms.InitiateResponse,
        *,
        accepted: Received,
        largest_answer_octets: int,
    ) -> None:
        self.conversation = conversation
        self.negotiated = negotiated
        self.accepted = accepted
        room = negotiated.server_max_receive_pdu_size - conversation.protection.overhead_octets
        self.services = Services(
            conversation.exchange, server_max_receive_octets=room, largest_answer_octets=largest_answer_octets
        )

    @property
    def may_get(self) -> bool:
        """Whether the GET service was negotiated."""
        return bool(self.negotiated.conformance & xdlms.Conformance.GET)

    def release(self) -> None:
        """Release the association; raises ``ProtocolViolation`` when the answer is no RLRE."""
        received = self.conversation.exchange(acse.Rlrq(reason=0).to_bytes())
        if not isinstance(received.answer, acse.Rlre):
            raise ProtocolViolation(f"{received.answer.describe()} instead of RLRE")


def aarq(request: AssociationRequest) -> bytes:
    """Return the octets of the AARQ that asks for it, the InitiateRequest unprotected."""
    initiate = xdlms.InitiateRequest(
        dedicated_key=None,
        conformance=request.conformance,
        client_max_receive_pdu_size=request.max_receive_pdu_size,
    )
    return acse.Aarq(
        context=request.context,
        mechanism=request.mechanism or None,
        authentication_value=request.secret if request.mechanism else None,
        user_information=initiate.to_bytes(),
    ).to_bytes()


def associate(conversation: Conversation, request: AssociationRequest, *, largest_answer_octets: int) -> Association:
    """Associate over an open conversation; raises ``Refused`` with the answer's catalogue name."""
    received = conversation.exchange(aarq(request))
    answer = received.answer
    if not isinstance(answer, acse.Aare):
        name = answer_name(answer)
        if name.startswith(("exception:", "confirmed:")):
            raise Refused(f"association refused: {answer.describe()}", name)
        raise ProtocolViolation(f"{answer.describe()} instead of AARE")
    if answer.result != 0:
        raise Refused(f"association refused: {answer.describe()}", answer_name(answer))
    return Association(
        conversation,
        _negotiated(answer, request),
        accepted=received,
        largest_answer_octets=largest_answer_octets,
    )


def _negotiated(answer: acse.Aare, request: AssociationRequest) -> xdlms.InitiateResponse:
    if answer.context != request.context:
        raise ProtocolViolation(f"AARE names context {answer.context}, asked for was {request.context}")
    if answer.user_information is None:
        raise ProtocolViolation("an accepting AARE without an InitiateResponse")
    negotiated = xdlms.InitiateResponse.from_bytes(answer.user_information)
    if negotiated.vaa_name != _LOGICAL_NAME_VAA:
        raise ProtocolViolation(f"vaa-name {negotiated.vaa_name:04X}, due for logical names is 0007")
    return negotiated
