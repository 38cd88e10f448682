"""The line of the local port: rate, framing and parity, and whole answers out of what arrives."""

from typing import Final

from harness.declaration import AssociationDeclaration, Door
from harness.errors import ConnectionLost, DecodeError, Garbled, PortGone, Silent
from harness.headend.connections import Connections
from harness.headend.door_side import PlacedAt
from harness.headend.link_for import disconnect_frame
from harness.headend.stimuli.raw_line import RawLine
from harness.protocol.iec62056_21 import AnswerReader, Awaited, from_even_parity, to_even_parity
from harness.protocol.iec62056_21.answer import Answer
from harness.protocol.iec62056_21.block import CommandFrame
from harness.session import Conversation

__all__ = ["OpticalLine"]

_BITS: Final = 10
_LEAST_FRAME_OCTETS: Final = 9
_GAP_S: Final = 1.5
"""The longest pause between two characters."""
_SEVEN_BITS: Final = "7E1"
_EIGHT_BITS: Final = "8N1"
_LONGEST_SECONDS: Final = 600.0
"""No answer is listened to for longer, however many characters still come."""


def _shown(password: bytes) -> bytes:
    """Return the password as it stands in its frame, down to the check, which would tell something of it."""
    frame = CommandFrame(command="P", kind="1", data=f"({password.decode('ascii')})").to_bytes()
    return frame[frame.index(b"(") + 1 :]


def password_like(password: bytes) -> bytes:
    """Return what differs from a password in its last character alone."""
    return password[:-1] + (b"1" if password.endswith(b"0") else b"0")


class OpticalLine:
    """Characters of seven bits with even parity over one connection after the other."""

    def __init__(self, place: PlacedAt) -> None:
        self.door: Door = place.door
        self.baud: int = place.door.iec62056_21.start_baud
        self._in_software = place.door.iec62056_21.parity == "software"
        self._timing = place.timing
        self._trace = place.trace
        secrets = tuple(secret.reveal() for _, secret in place.declaration.secrets())
        password = place.door.iec62056_21.secret
        if password is not None and password.reveal().isascii():
            # What tells nearly all of the password must stand in no record either.
            secrets = (*secrets, _shown(password.reveal()), _shown(password_like(password.reveal())))
        seven_bits = tuple(to_even_parity(one) for one in secrets if one.isascii())
        self.connections = Connections(
            door=place.door,
            transports=place.transports,
            trace=place.trace,
            timing=place.timing,
            rest_for=place.rest_for,
            secrets=lambda: (*secrets, *seven_bits) if self._in_software else secrets,
        )
        self._line: RawLine | None = None
        self.gone_over: tuple[int, AssociationDeclaration] | None = None
        """At which rate and for whom the device last went over to HDLC."""

    @property
    def now(self) -> float:
        """Line time in seconds."""
        return self.line.now

    @property
    def line(self) -> RawLine:
        """The open connection; a network door that is shut after it has answered is a lost connection."""
        if self._line is None or self._line.lost is not None:
            try:
                self._line = self.connections.raw_line()
            except PortGone as gone:
                if self.door.is_network and self._timing.has_answered:
                    raise ConnectionLost(f"the door is shut: {gone}") from gone
                raise
        return self._line

    def set_baud(self, baud: int) -> None:
        """Go to a rate, with seven bits and even parity."""
        self.baud = baud
        self.line.set_line(baud, _EIGHT_BITS if self._in_software else _SEVEN_BITS)

    def send(self, octets: bytes, description: str) -> None:
        """Send characters."""
        self._trace.last_request = description
        self.line.send(to_even_parity(octets) if self._in_software else octets, description)

    def send_with_wrong_parity(self, octets: bytes, at: int, description: str) -> None:
        """Send characters with even parity made by ourselves, one of them with a wrong parity bit."""
        spoilt = bytearray(to_even_parity(octets))
        spoilt[at] ^= 0x80
        line = self.line
        line.set_line(self.baud, _EIGHT_BITS)
        self._trace.last_request = description
        line.send(bytes(spoilt), description)
        line.set_line(self.baud, _EIGHT_BITS if self._in_software else _SEVEN_BITS)

    def send_at(self, baud: int, octets: bytes, description: str) -> None:
        """Send characters at another rate than the one in force, and come back."""
        self.line.set_line(baud, _EIGHT_BITS if self._in_software else _SEVEN_BITS)
        self.send(octets, description)
        self.set_baud(self.baud)

    def send_break(self, seconds: float) -> bool:
        """Hold the line for so long; whether the port makes breaks."""
        line = self.line
        self._trace.last_request = "a break of the line"

        def begun() -> bool:
            try:
                line.set_control("break", on=True)
            except PortGone:
                return False
            return True

        if not self._trace.recall("break", begun):
            return False
        line.receive(seconds)
        line.set_control("break", on=False)
        return True

    def hear(self, seconds: float, *, enough: int | None = None) -> bytes:
        """Return the characters that come within ``seconds``."""
        line = self.line
        came = line.receive(seconds) if enough is None else line.receive(seconds, enough=enough)
        if line.lost is not None and not came:
            raise ConnectionLost(line.lost)
        return from_even_parity(came) if self._in_software else came

    def line_time_s(self, octets: int) -> float:
        """The time that characters take at the rate in force."""
        return octets * _BITS / self.baud

    def answer(self, awaited: Awaited, description: str, *, sent_octets: int) -> Answer:
        """Return the answer to what was just sent; raises ``Silent``, ``Garbled`` or ``ConnectionLost``."""
        reader = AnswerReader(awaited, largest_octets=self.door.largest_answer_octets)
        began = self.now
        patience_s = self._timing.silence_s + self.line_time_s(sent_octets)
        # The end of a wait is told by the line alone, never by comparing times: those of a replay are rounded.
        while data := self.hear(patience_s, enough=1):
            try:
                found = reader.receive_data(data)
            except DecodeError as error:
                raise Garbled(f"the answer to {description}: {error}") from error
            if found is not None:
                self._timing.learn(self.now - began - self.line_time_s(sent_octets))
                return found
            if self.now - began > _LONGEST_SECONDS:
                break
            patience_s = max(self._timing.silence_s, _GAP_S)
        if reader.pending_octets:
            raise Garbled(f"{reader.pending_octets} octets came to {description} and no {awaited.value}")
        raise Silent(f"no answer to {description}", self.now - began)

    def go_over_to_hdlc(self, association: AssociationDeclaration) -> Conversation:
        """Open an HDLC link for one client on the open line, with eight bits at the rate in force."""
        line = self.line
        line.set_line(self.baud, _EIGHT_BITS)
        self._line = None
        self.gone_over = self.baud, association
        return self.connections.go_over(line, association)

    def disconnect_hdlc(self) -> None:
        """Send DISC, at the rate of the link that may be left and at the first one, and take what comes."""
        if self.gone_over is None:
            return
        last, association = self.gone_over
        for baud in dict.fromkeys((last, self.door.iec62056_21.start_baud)):
            self.line.set_line(baud, _EIGHT_BITS)
            self.line.send(disconnect_frame(self.door, association), f"DISC at {baud} baud")
            self.line.receive(self._timing.silence_s, enough=_LEAST_FRAME_OCTETS)

    def close(self) -> None:
        """Hang up."""
        self.connections.close_all()
        self._line = None
