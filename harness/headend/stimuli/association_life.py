"""Associations from their beginning to their end: opened, lost, opened again, and two at once.

Each function does it once; what goes wrong is raised. A device may end the connection together with the association
that was released on it; then there is nothing to judge on that connection: ``NotApplicable``.
"""

from harness.declaration import AssociationDeclaration, CosemObject
from harness.errors import ConnectionLost, NotApplicable
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.requests import get_request
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.session import LinkEnded, NoProtection, associate

__all__ = [
    "ask_after_release",
    "ask_on_new_link",
    "associate_read_release",
    "associate_twice_on_one_connection",
    "read_probe",
    "two_at_once",
]

_VALUE = 2


def read_probe(head_end: HeadEnd, client: Client) -> None:
    """Read something that is there; an error of the application is an answer like a value."""
    client.services.get(item(head_end.declaration.probe, _VALUE))


def associate_read_release(head_end: HeadEnd, declared: AssociationDeclaration) -> None:
    """Associate over a connection of its own, read and release."""
    client = Client(head_end, declared)
    try:
        client.establish_unjudged()
        read_probe(head_end, client)
    finally:
        client.close()


def associate_twice_on_one_connection(head_end: HeadEnd, declared: AssociationDeclaration) -> None:
    """Associate, release, associate again on the same connection, read and release."""
    size = declared.max_receive_pdu_size
    conversation, association = head_end.open_association(declared, max_receive_pdu_size=size)
    try:
        association.release()
        request = head_end.association_request(declared)
        try:
            again = associate(conversation, request, largest_answer_octets=head_end.door.largest_answer_octets)
        except (ConnectionLost, LinkEnded) as ended:
            raise _ends_with_association(str(ended)) from ended
        again.services.get(item(head_end.declaration.probe, _VALUE))
        again.release()
    finally:
        conversation.close()


def ask_after_release(head_end: HeadEnd, declared: AssociationDeclaration) -> Provoked:
    """Associate, release, and ask for data on the same connection, in clear as outside of any association."""
    size = declared.max_receive_pdu_size
    conversation, association = head_end.open_association(declared, max_receive_pdu_size=size)
    try:
        association.release()
        conversation.protection = NoProtection()
        provoked = provoke(conversation, get_request(head_end.declaration.probe))
        if provoked.name == "closed":
            raise _ends_with_association(provoked.description)
        return provoked
    finally:
        conversation.close()


def ask_on_new_link(
    head_end: HeadEnd, declared: AssociationDeclaration, wanted: CosemObject, *, behind_disc: bool
) -> Provoked:
    """Associate, set the link up anew on the same connection, and ask for data in clear, without associating again."""
    size = declared.max_receive_pdu_size
    conversation, _ = head_end.open_association(declared, max_receive_pdu_size=size)
    try:
        try:
            conversation.set_up_anew(behind_disc=behind_disc)
        except (ConnectionLost, LinkEnded) as ended:
            raise NotApplicable(
                f"the device sets no link up anew on a connection: {ended}", item="connections"
            ) from ended
        conversation.protection = NoProtection()
        return provoke(conversation, get_request(wanted))
    finally:
        conversation.close()


def _ends_with_association(what: str) -> NotApplicable:
    reason = f"the device ends the connection together with the association: {what}"
    return NotApplicable(reason, item="connections")


def two_at_once(head_end: HeadEnd, one: AssociationDeclaration, other: AssociationDeclaration) -> None:
    """Associate two clients over a connection each, read by turns, release the first and read with the second."""
    first, second = Client(head_end, one), Client(head_end, other)
    try:
        for client in (first, second):
            client.establish_unjudged()
        for client in (first, second, first, second):
            read_probe(head_end, client)
        first.close()
        read_probe(head_end, second)
    finally:
        first.close()
        second.close()
