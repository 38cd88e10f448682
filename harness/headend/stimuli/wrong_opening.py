"""Association requests by hand: ciphered wrongly, repeated as they were, or with a wrong answer to the challenge."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from harness.declaration import AssociationDeclaration
from harness.errors import ConformeterError, ConnectionLost, ProtocolViolation, Refused, Silent
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.discard import Strike, strike
from harness.headend.stimuli.wrong_ciphering import Intruder, Recipe
from harness.session import AssociationRequest, CipheredProtection, LinkEnded, associate
from harness.session.association import aarq
from harness.session.conversation import Protect

__all__ = ["Opening"]

_OUR_ANSWER: Final = "our answer to the challenge"


class _Instead:
    """A protection in the place of the right one, for the content of an association request."""

    overhead_octets = 0
    key_name = ""

    def __init__(self, protect: Protect) -> None:
        self._protect = protect

    def protect(self, apdu: bytes) -> bytes:
        """Return what stands in the place of the protected APDU."""
        return self._protect(apdu)

    def unprotect(self, octets: bytes) -> bytes:
        """Never asked."""
        raise ValueError("an association request is only sent")


class Opening:
    """Opens associations of one declared client; each attempt has a connection of its own."""

    def __init__(self, head_end: HeadEnd, declared: AssociationDeclaration) -> None:
        self._head_end = head_end
        self._declared = declared
        self._is_hdlc = head_end.door.protocol == "hdlc"

    def right(self) -> bytes:
        """Return a right association request with counter and challenge of its own."""
        request, protection = self._fresh()
        return aarq(request, protection)

    def wrong(self, recipe: Recipe) -> bytes:
        """Return an association request whose content is ciphered wrongly."""
        request, protection = self._fresh()
        intruder = Intruder(protection, request.credentials)
        return aarq(request, _Instead(intruder.wrongly(recipe)))

    def _fresh(self) -> tuple[AssociationRequest, CipheredProtection]:
        request = self._head_end.association_request(self._declared)
        protection = request.credentials.protection()
        if protection is None:
            raise ValueError(f"client {self._declared.id} is not ciphered")
        return request, protection

    def sent(self, octets: bytes) -> Strike:
        """Send an association request over a new connection, which is then dropped."""
        conversation = self._head_end.connect(self._declared)
        try:
            return strike(conversation, octets, None, is_hdlc=self._is_hdlc)
        finally:
            conversation.abandon()

    def answered_wrongly(self) -> str:
        """Answer the device's challenge wrongly; return the name of what comes, ``aare:0`` where it is taken."""
        request = self._head_end.association_request(self._declared)
        right = request.credentials.recall

        def recall(name: str, produce: Callable[[], bytes]) -> bytes:
            if name != _OUR_ANSWER:
                return right(name, produce)
            return right(name, lambda: _last_bit(produce()))

        wrong = replace(request, credentials=replace(request.credentials, recall=recall))
        conversation = self._head_end.connect(self._declared)
        try:
            associate(conversation, wrong, largest_answer_octets=self._head_end.door.largest_answer_octets)
        except Refused as refused:
            return refused.answer
        except LinkEnded as ended:
            return ended.by.lower()
        except ConnectionLost:
            return "closed"
        except Silent:
            return "silence"
        except ProtocolViolation as violation:
            return f"malformed ({violation})"
        finally:
            with suppress(ConformeterError):
                conversation.close()
        return "aare:0"


def _last_bit(octets: bytes) -> bytes:
    return octets[:-1] + bytes((octets[-1] ^ 0x01,))
