"""The states of one dialogue and what leads from one to the other, as a table."""

from enum import Enum
from typing import Final

from harness.errors import ProtocolViolation

__all__ = ["Dialogue", "Event", "State"]


class State(Enum):
    """Where the dialogue stands, seen from the client."""

    SILENT = "nobody has signed on"
    ASKED = "waiting for the identification"
    IDENTIFIED = "the device has said who it is"
    READING_OUT = "waiting for the readout"
    READ_OUT = "the readout has come"
    ENTERING = "waiting for programming mode"
    PROGRAMMING = "in programming mode"
    COMMANDED = "waiting for the reply to a command"
    SWITCHING = "waiting for the repeated option select message"
    BINARY = "HDLC has begun"


class Event(Enum):
    """What was sent or has come; a single word for each."""

    REQUEST = "request message"
    IDENTIFICATION = "identification message"
    SELECT_READOUT = "choice of readout"
    SELECT_PROGRAMMING = "choice of programming mode"
    SELECT_HDLC = "choice of HDLC"
    DATA = "data message"
    PARTIAL = "part of a data message"
    ENTERED = "request for the secret"
    COMMAND = "command"
    ACKNOWLEDGED = "acknowledgement"
    REFUSED = "error or negative acknowledgement"
    SELECT_REPEATED = "repeated option select message"
    BREAK = "break"


_NEXT: Final = {
    (State.SILENT, Event.REQUEST): State.ASKED,
    (State.ASKED, Event.REQUEST): State.ASKED,
    (State.ASKED, Event.IDENTIFICATION): State.IDENTIFIED,
    (State.IDENTIFIED, Event.SELECT_READOUT): State.READING_OUT,
    (State.IDENTIFIED, Event.SELECT_PROGRAMMING): State.ENTERING,
    (State.IDENTIFIED, Event.SELECT_HDLC): State.SWITCHING,
    (State.READING_OUT, Event.DATA): State.READ_OUT,
    (State.READING_OUT, Event.REFUSED): State.READING_OUT,
    (State.READ_OUT, Event.REQUEST): State.ASKED,
    (State.ENTERING, Event.ENTERED): State.PROGRAMMING,
    (State.ENTERING, Event.REFUSED): State.SILENT,
    (State.PROGRAMMING, Event.COMMAND): State.COMMANDED,
    (State.COMMANDED, Event.DATA): State.PROGRAMMING,
    (State.COMMANDED, Event.PARTIAL): State.COMMANDED,
    (State.COMMANDED, Event.ACKNOWLEDGED): State.PROGRAMMING,
    (State.COMMANDED, Event.REFUSED): State.PROGRAMMING,
    (State.SWITCHING, Event.SELECT_REPEATED): State.BINARY,
}
"""A break leads back to silence from every state; so it stands in no line."""


class Dialogue:
    """Keeps the state; what the table does not know is a mistake of whoever did it."""

    def __init__(self) -> None:
        self.state = State.SILENT

    def sent(self, event: Event) -> None:
        """Go on by what we have sent; ``ValueError`` where it has no place."""
        self.state = self._next(event, ValueError)

    def received(self, event: Event) -> None:
        """Go on by what has come; ``ProtocolViolation`` where it has no place."""
        self.state = self._next(event, ProtocolViolation)

    def _next(self, event: Event, error: type[Exception]) -> State:
        if event is Event.BREAK:
            return State.SILENT
        following = _NEXT.get((self.state, event))
        if following is None:
            raise error(f"{event.value} has no place while {self.state.value}")
        return following
