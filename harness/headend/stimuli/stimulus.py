"""Stimuli that the device must refuse in words: sent from scratch, and once more where no answer came.

An attempt opens what it needs, sends one wrong request and names the reaction. A reaction that is no answer at all is
judged as every missing answer is, so that neither the line nor a device that was busy once is blamed on a clause.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from harness.declaration import AssociationDeclaration, AssociationRole
from harness.errors import (
    ConnectionLost,
    DeviceError,
    Garbled,
    Inconclusive,
    NotApplicable,
    ProtocolViolation,
    Refused,
    Silent,
)
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.provoke import Provoked
from harness.protocol.apdu import Conformance

__all__ = ["Attempt", "Send", "answered", "clients_at", "in_association", "is_of_link", "raise_if_missing"]

Attempt = Callable[[], Provoked]
Send = Callable[[Client], Provoked]
"""Sends the stimulus within an association."""

_VALUE = 2
_OF_LINK = ("dm", "frmr", "rr", "ua")
_MISSING = ("silence", "closed", "garbled", "malformed")
_ROLES: Sequence[AssociationRole] = ("reading", "management", "other", "public")


def is_of_link(name: str) -> bool:
    """Whether a reaction is one of the link, or none at all, and no answer of an application."""
    return name in _OF_LINK or name in _MISSING


def answered(head_end: HeadEnd, stimulus: str, attempt: Attempt, accepted: Collection[str]) -> Provoked:
    """Return the reaction to a stimulus; where none came and none is not ``accepted``, find out what that means.

    Raises as ``Judge.judged``: the same silence twice is a finding, silence once is the line's.
    """

    def once() -> Provoked:
        provoked = attempt()
        raise_if_missing(provoked, accepted)
        return provoked

    return head_end.judge.judged(stimulus, once, once, lambda: head_end.last_record)


def raise_if_missing(provoked: Provoked, accepted: Collection[str] = ()) -> None:
    """Raise the ``DeviceError`` that a reaction stands for where it is no answer and not among the ``accepted``."""
    if provoked.name in _MISSING and provoked.name not in accepted:
        raise _as_error(provoked)


def _as_error(provoked: Provoked) -> DeviceError:
    match provoked.name:
        case "silence":
            return Silent(provoked.description, 0.0)
        case "closed":
            return ConnectionLost(provoked.description)
        case "garbled":
            return Garbled(provoked.description)
        case _:
            return ProtocolViolation(provoked.description)


def clients_at(head_end: HeadEnd, roles: Iterable[AssociationRole] = _ROLES) -> tuple[AssociationDeclaration, ...]:
    """Return the declared clients that associate at this door, by role in this order."""
    able = [
        one
        for role in roles
        for one in head_end.declaration.associations
        if one.role == role and not one.pre_established and one.fits(head_end.door.id)
    ]
    if not able:
        reason = f"no association of role {' or '.join(roles)} is declared that can be opened at {head_end.door.id}"
        raise Inconclusive(reason, missing="declaration")
    return tuple(able)


def in_association(
    head_end: HeadEnd,
    send: Send,
    *,
    candidates: Sequence[AssociationDeclaration],
    service: Conformance = Conformance.GET,
    propose: Callable[[AssociationDeclaration], AssociationDeclaration] | None = None,
    max_receive_pdu_size: int | None = None,
    survives: bool = True,
) -> Attempt:
    """Return the attempt to ``send`` as the first of the candidates with which the device agrees on ``service``.

    Where an application has answered and ``survives``, the same association must then answer a good request.
    ``propose`` makes another proposal out of what is declared. Raises ``NotApplicable`` where the device agrees on
    it with none of them, ``Inconclusive`` where it lets a client not in at all.
    """

    def attempt() -> Provoked:
        for declared in candidates:
            client = Client(head_end, propose(declared) if propose else declared)
            if max_receive_pdu_size is not None:
                client.max_receive_pdu_size = max_receive_pdu_size
            try:
                _let_in(client, as_declared=propose is None)
                if service & ~client.association.negotiated.conformance:
                    continue
                provoked = send(client)
                if survives and not is_of_link(provoked.name):
                    _goes_on(head_end, client, provoked)
                return provoked
            finally:
                client.close()
        reason = f"the device does not agree on {service.describe()} with any client of this door"
        raise NotApplicable(reason, item="associations.conformance")

    return attempt


def _let_in(client: Client, *, as_declared: bool) -> None:
    try:
        client.establish_unjudged()
    except Refused as refused:
        if as_declared:
            raise Inconclusive(
                f"basis: client {client.declared.id} is not let in: {refused}", missing="device"
            ) from refused
        reason = f"the device takes no association with {', '.join(client.declared.conformance)} alone: {refused}"
        raise NotApplicable(reason, item="associations.conformance") from refused


def _goes_on(head_end: HeadEnd, client: Client, provoked: Provoked) -> None:
    """Raise ``ProtocolViolation`` where the association answers no good request any more; an error is an answer."""
    if not client.association.may_get:
        return
    try:
        client.services.get(item(head_end.declaration.probe, _VALUE))
    except DeviceError as error:
        raise ProtocolViolation(
            f"{provoked.description}, and then no good answer in the same association: {error}"
        ) from error
