"""Requests that ought to be refused, and the name of whatever came back."""

from dataclasses import dataclass

from harness.errors import ConnectionLost, Garbled, ProtocolViolation, Silent
from harness.protocol import apdu as xdlms
from harness.session import Conversation, LinkEnded, Received, answer_name
from harness.session.conversation import Protect

__all__ = ["Provoked", "provoke"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provoked:
    """How the device reacted; ``name`` is an answer of the catalogue, or what happened instead of one."""

    name: str
    """``dar:4``, ``exception:1/2`` ..., ``data``, ``dm``, ``frmr``, ``silence``, ``closed``, ``garbled`` (no
    whole frame: the line may be to blame) or ``malformed`` (whole frames that the protocol does not allow)."""
    description: str
    frame: int
    received: Received | None = None

    @property
    def is_block(self) -> bool:
        """Whether it is the first block of a long answer, with more to come."""
        answer = self.received.answer if self.received else None
        return isinstance(answer, xdlms.GetResponseWithDatablock) and answer.raw is not None and not answer.last


def provoke(
    conversation: Conversation,
    apdu: bytes,
    invoke: int | None = None,
    *,
    repeat: bool = True,
    protect: Protect | None = None,
) -> Provoked:
    """Send ``apdu`` as it is and name the reaction; nothing is raised for a reaction.

    The link repeats what gets lost on the way, unless ``repeat`` is off: where silence is what is judged.
    ``protect`` takes the place of the association's protection.
    """
    try:
        received = conversation.exchange(apdu, invoke, repeat=repeat, protect=protect)
    except LinkEnded as ended:
        return Provoked(name=ended.by.lower(), description=str(ended), frame=conversation.frame)
    except Silent as silent:
        return Provoked(name="silence", description=str(silent), frame=conversation.frame)
    except ConnectionLost as lost:
        return Provoked(name="closed", description=str(lost), frame=conversation.frame)
    except Garbled as garbled:
        return Provoked(name="garbled", description=str(garbled), frame=conversation.frame)
    except ProtocolViolation as violation:
        return Provoked(name="malformed", description=str(violation), frame=conversation.frame)
    return Provoked(
        name=answer_name(received.answer),
        description=received.answer.describe(),
        frame=received.frame,
        received=received,
    )
