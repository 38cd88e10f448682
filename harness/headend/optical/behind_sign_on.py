"""DLMS behind the sign-on: the device goes over to HDLC and answers there as at any other door."""

from collections.abc import Sequence
from decimal import Decimal

from harness.declaration import AssociationDeclaration, CosemObject
from harness.errors import ProtocolViolation, Refused
from harness.headend.client import Item, item, value_of
from harness.headend.connections import closed_on_failure
from harness.headend.optical.port import OpticalPort
from harness.headend.registers import number_in
from harness.protocol.axdr import Data
from harness.protocol.iec62056_21 import Awaited, Dialogue, Event
from harness.session import Association, AssociationRequest, associate

__all__ = ["read_behind_sign_on", "read_objects_behind_sign_on"]

_VALUE = 2


def _associated(port: OpticalPort, declared: AssociationDeclaration, request: AssociationRequest) -> Association:
    """Have the device go over to HDLC and associate there; whatever goes wrong is raised."""
    identification = port.sign_on()
    if not identification.speaks_hdlc:
        raise ProtocolViolation("HDLC is declared, and the identification does not announce it")
    sent = port.select(identification, "2", "2", Event.SELECT_HDLC)
    port.line.answer(Awaited.REPEATED_SELECT, "the choice of HDLC", sent_octets=sent)
    port.dialogue.received(Event.SELECT_REPEATED)
    conversation = port.line.go_over_to_hdlc(declared)
    # From here on the line is the link's, which ends it by itself.
    port.dialogue = Dialogue()
    with closed_on_failure(conversation):
        return associate(conversation, request, largest_answer_octets=port.door.largest_answer_octets)


def read_objects_behind_sign_on(
    port: OpticalPort, declared: AssociationDeclaration, request: AssociationRequest, wanted: Sequence[Item]
) -> list[Data | Refused]:
    """Read attributes one by one over HDLC behind the sign-on; an error stands in the place of a value."""
    association = _associated(port, declared, request)
    found: list[Data | Refused] = []
    try:
        for one in wanted:
            try:
                found.append(value_of(association.services.get(one), one))
            except Refused as refused:
                found.append(refused)
    finally:
        association.conversation.close()
    return found


def read_behind_sign_on(
    port: OpticalPort, declared: AssociationDeclaration, request: AssociationRequest, target: CosemObject
) -> Decimal:
    """Read the value of a register over HDLC behind the sign-on, its scaler not applied."""
    association = _associated(port, declared, request)
    try:
        wanted = item(target, _VALUE)
        return number_in(value_of(association.services.get(wanted), wanted))
    finally:
        association.conversation.close()
