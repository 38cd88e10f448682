"""Clients that have not proved who they are, and ask for data all the same."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from harness.declaration import AssociationDeclaration, CosemObject
from harness.headend.head_end import HeadEnd
from harness.headend.requests import get_request
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.protocol.acse import Aare
from harness.session import AssociationRequest, NoProtection
from harness.session.association import aarq
from harness.session.protection_ciphered import CipheredProtection

__all__ = [
    "LIKE_THE_PASSWORD",
    "read_before_proof",
    "read_unassociated",
    "read_with_password_like",
    "read_with_wrong_password",
]

_FILLERS: Final = (b"wrong", b"other")

LIKE_THE_PASSWORD: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "goes on after the right": lambda secret: secret + b"0",
    "lacks the last octet": lambda secret: secret[:-1],
}
"""What resembles a password, by how it differs."""


def read_with_wrong_password(head_end: HeadEnd, declared: AssociationDeclaration, wanted: CosemObject) -> Provoked:
    """Ask for an association with a wrong password, then for ``wanted`` over the same connection."""
    request = head_end.association_request(declared)
    secret = request.secret or b""
    made = [(filler * (len(secret) + 1))[: len(secret) or len(filler)] for filler in _FILLERS]
    wrong = next(one for one in made if one != secret)
    return _read_behind(head_end, declared, replace(request, secret=wrong), wanted)


def read_with_password_like(
    head_end: HeadEnd, declared: AssociationDeclaration, wanted: CosemObject, differs: str
) -> Provoked:
    """The same with a password that differs from the right one in its end only, as ``LIKE_THE_PASSWORD`` says."""
    request = head_end.association_request(declared)
    right = request.secret or b""
    like = LIKE_THE_PASSWORD[differs](right)
    # What tells nearly all of the password must stand in no record either.
    with head_end.keys.trying({(right, "secret"): like}):
        return _read_behind(head_end, declared, replace(request, secret=like), wanted)


def read_before_proof(head_end: HeadEnd, declared: AssociationDeclaration, wanted: CosemObject) -> Provoked:
    """Ask for an association and then for ``wanted``, without answering the device's challenge."""
    return _read_behind(head_end, declared, head_end.association_request(declared), wanted)


def read_unassociated(head_end: HeadEnd, declared: AssociationDeclaration, wanted: CosemObject) -> Provoked:
    """Ask for ``wanted`` over a connection of its own, on which nobody has associated."""
    conversation = head_end.connect(declared)
    try:
        return provoke(conversation, get_request(wanted))
    finally:
        conversation.close()


def _read_behind(
    head_end: HeadEnd, declared: AssociationDeclaration, request: AssociationRequest, wanted: CosemObject
) -> Provoked:
    conversation = head_end.connect(declared)
    try:
        protection = request.credentials.protection()
        conversation.protection = protection or NoProtection()
        opened = provoke(conversation, aarq(request, conversation.protection))
        answer = opened.received.answer if opened.received else None
        if isinstance(protection, CipheredProtection) and isinstance(answer, Aare):
            protection.meet(answer.responding_ap_title)
        if answer is None:
            return opened
        return provoke(conversation, get_request(wanted))
    finally:
        conversation.close()
