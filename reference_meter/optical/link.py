"""One optical head on the meter: sign-on, readout, programming and the switch to HDLC, at the pace of the line."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from reference_meter.codec import iec62056_21 as messages
from reference_meter.optical.registers import DENIED, UNAUTHORISED, WRONG_DATA, PortRefusal, PortRegisters
from reference_meter.server.association import SessionKey
from reference_meter.server.hdlc_connection import Mode
from reference_meter.server.hdlc_link import HdlcLink
from reference_meter.server.link import LinkEvent, Send, ServerLink, SetLine
from reference_meter.server.server import Server

__all__ = ["BREAK", "OpticalLink", "PacedSend", "Stage"]

START: Final = (300, "7E1")
BREAK: Final = "break"
_BITS = 10
_SLICE_S = 0.1
_DATA_SET = re.compile(r"([^()]*)\(([^()*]*)(?:\*[^()]*)?\)")
_LONGEST_GAP_S = 1.5
_NOBODY = 0
"""The client under whose number wrong passwords are counted."""
_RATES_B: Final = {"A": 600, "B": 1200, "C": 2400, "D": 4800, "E": 9600, "F": 19200}


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedSend(Send):
    """Octets that leave at a rate and framing."""

    line: tuple[int, str]


class Stage(Enum):
    """Where the dialogue stands, seen from the meter."""

    IDLE = 0
    IDENTIFIED = 1
    READ_OUT = 2
    PROGRAMMING = 3
    HDLC = 4


class OpticalLink(ServerLink):
    """Octets take the time that they need at the rate in force.

    While the other side has not told its rate and framing, it is taken to have the same ones.
    """

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.optical = server.settings.optical
        self.registers = PortRegisters(server.model, self.optical)
        self.stage = Stage.IDLE
        self.unlocked = False
        """Whether the password has been shown in this dialogue."""
        self.scanner = messages.MessageScanner()
        self.line = START
        self.peer: tuple[int, str] | None = None
        """Rate and framing of the other side, as far as it has told."""
        self.hdlc: HdlcLink | None = None
        self.readout_due: float | None = None
        """Line time at which a meter that waits for no choice begins its readout."""
        self.last_said = b""
        self.held = False
        """Whether the other side holds the line in a break."""
        self.busy_until = 0.0
        """Line time at which everything heard and said is over."""

    # The line

    def set_line(self, baud: int, framing: str, line_now: float) -> None:
        """Learn how the other side sends and hears from now on."""
        self.peer = (baud, framing)

    def set_control(self, line: str, on: bool, line_now: float) -> None:
        """Hear a break, which destroys what was under way."""
        if line == BREAK and on != self.held:
            self.held = on
            self.scanner.forget()

    def receive(self, data: bytes, line_now: float) -> None:
        """Take octets as they come."""
        if self.closed or self.held:
            return
        self.tick(line_now)
        if line_now - self.busy_until >= _LONGEST_GAP_S:
            self.scanner.forget()
        self.busy_until = max(self.busy_until, line_now) + self.line_time_s(len(data))
        heard = messages.heard_on_line(data, self.peer, self.line) if self.peer else data
        if self.hdlc is not None:
            self.hear_hdlc(heard)
            return
        for message in self.scanner.scan(heard):
            self.hear(message)

    def line_time_s(self, octets: int) -> float:
        """The time that octets take now."""
        return octets * _BITS / self.line[0]

    def say(self, octets: bytes) -> None:
        """Send after the reaction time, in slices at the pace of the line."""
        self.last_said = octets
        start = self.busy_until + self.optical.reaction_s
        size = max(1, int(self.line[0] * _SLICE_S / _BITS))
        for at in range(0, len(octets), size):
            part = octets[at : at + size]
            self.send(part, start + self.line_time_s(at + len(part)))
        self.busy_until = start + self.line_time_s(len(octets))

    def change_line(self, baud: int, framing: str) -> None:
        """Go to another rate and framing once everything is said."""
        self.line = (baud, framing)
        self.events.append(SetLine(due=self.busy_until, baud=baud, framing=framing))

    def send(self, data: bytes, due: float) -> None:
        """Have octets sent at a line time, at the rate in force now."""
        self.events.append(PacedSend(due=due, data=data, line=self.line))

    def take_events(self) -> list[LinkEvent]:
        """Give what has come up, as the other side hears it at its own rate and framing."""
        taken: list[LinkEvent] = []
        for event in super().take_events():
            if isinstance(event, PacedSend) and self.peer is not None:
                heard = messages.heard_on_line(event.data, event.line, self.peer)
                event = PacedSend(due=event.due, data=heard, line=event.line)
            taken.append(event)
        return taken

    # The dialogue

    def hear(self, message: messages.Heard) -> None:
        """Answer one message as the stage has it; whatever has no place stays unanswered."""
        match message:
            case messages.SignOn() if self.stage in (Stage.IDLE, Stage.IDENTIFIED):
                self.sign_on(message)
            case messages.Select() if self.stage is Stage.IDENTIFIED:
                self.select(message)
            case messages.NOT_ACKNOWLEDGED if self.stage in (Stage.READ_OUT, Stage.PROGRAMMING):
                self.say(self.last_said)
            case messages.Command(name="B0") if self.stage is not Stage.IDLE:
                self.restart()
            case messages.Command() if self.stage is Stage.PROGRAMMING:
                self.command(message)
            case messages.Nonsense() if self.stage is Stage.PROGRAMMING:
                self.say(messages.NOT_ACKNOWLEDGED)

    def sign_on(self, request: messages.SignOn) -> None:
        """Say who is here; modes A and B go on with the readout at once."""
        own = self.optical
        if request.address and request.address.lstrip("0") != own.address.lstrip("0"):
            return
        sequence = "\\2" if own.speaks_hdlc and own.rate in messages.RATES else ""
        self.say(f"/{own.manufacturer}{own.rate}{sequence}{own.name}\r\n".encode("ascii"))
        self.stage = Stage.IDENTIFIED
        if own.rate in messages.RATES:
            return
        # Not at once: the other side changes its rate only when the identification is over.
        self.readout_due = self.busy_until + own.reaction_s / 2

    def select(self, chosen: messages.Select) -> None:
        """Go to the chosen rate and mode."""
        baud = messages.RATES.get(chosen.rate)
        if baud is None or baud > messages.RATES[self.optical.rate]:
            self.restart()
            return
        self.change_line(baud, START[1])
        if (chosen.protocol, chosen.mode) == ("0", "0"):
            self.read_out()
        elif (chosen.protocol, chosen.mode) == ("0", "1"):
            self.stage = Stage.PROGRAMMING
            self.say(messages.password_request(self.optical.operand))
        elif (chosen.protocol, chosen.mode) == ("2", "2") and self.optical.speaks_hdlc:
            self.say(f"\x062{chosen.rate}2\r\n".encode("ascii"))
            self.change_line(baud, "8N1")
            self.begin_hdlc()
        else:
            self.restart()

    def read_out_unasked(self) -> None:
        """Go to the rate that was announced and send all registers."""
        self.readout_due = None
        if self.optical.rate in _RATES_B:
            self.change_line(_RATES_B[self.optical.rate], START[1])
        self.read_out()

    def read_out(self) -> None:
        """Send all registers."""
        self.stage = Stage.READ_OUT
        self.say(messages.data_message(self.registers.readout()))

    def command(self, command: messages.Command) -> None:
        """Carry out one command of programming mode."""
        if command.name == "P1":
            self.take_password(command.data)
            return
        found = _DATA_SET.fullmatch(command.data)
        try:
            if command.name not in ("R1", "W1", "E2"):
                self.say(messages.NOT_ACKNOWLEDGED)
            elif command.name == "E2":
                raise PortRefusal(DENIED if self.unlocked else UNAUTHORISED)
            elif found is None:
                raise PortRefusal(WRONG_DATA)
            elif command.name == "R1":
                self.say(messages.data_message(self.registers.read(found[1])))
            else:
                self.write(found[1], found[2])
        except PortRefusal as refusal:
            self.refuse(refusal)

    def write(self, address: str, value: str) -> None:
        """Write after the password only."""
        if not self.unlocked:
            raise PortRefusal(UNAUTHORISED)
        self.registers.write(address, value)
        self.say(messages.ACKNOWLEDGED)

    def refuse(self, refusal: PortRefusal) -> None:
        """Say no."""
        nak = self.optical.refuses_by_nak
        self.say(messages.NOT_ACKNOWLEDGED if nak else messages.error_message(refusal.number))

    def take_password(self, data: str) -> None:
        """Let the right one in; a wrong one, or too many of them, ends the dialogue."""
        model = self.server.model
        if not model.lock_out_diagnostic(_NOBODY) and data.encode("ascii") == b"(" + self.optical.password + b")":
            self.unlocked = True
            model.association_changed(_NOBODY, self.link_id, True)
            self.say(messages.ACKNOWLEDGED)
            return
        model.authentication_failed(_NOBODY)
        self.say(messages.BREAK)
        self.restart()

    def begin_hdlc(self) -> None:
        """Hand the line to an HDLC link of the same meter."""
        self.stage = Stage.HDLC
        self.hdlc = HdlcLink(self.server)

    def hear_hdlc(self, octets: bytes) -> None:
        """Have frames answered at the pace of the line; after the disconnection the port starts again."""
        link = self.hdlc
        if link is None:
            return
        link.receive(octets, self.busy_until)
        for event in link.take_events():
            if isinstance(event, Send):
                self.say(event.data)
        modes = [connection.mode for connection in link.connections.values()]
        if modes and all(mode is Mode.DISCONNECTED for mode in modes):
            self.restart()

    def restart(self) -> None:
        """Begin anew at the rate of the sign-on."""
        if self.unlocked:
            self.server.model.association_changed(_NOBODY, self.link_id, False)
        if self.hdlc is not None:
            self.hdlc.end()
        self.stage, self.unlocked, self.hdlc, self.readout_due = Stage.IDLE, False, None, None
        self.scanner.forget()
        if self.line != START:
            self.change_line(*START)

    # Time

    def idle_due(self) -> float | None:
        """Line time at which the dialogue is given up."""
        if self.closed or self.stage is Stage.IDLE:
            return None
        patience_s = self.optical.after_readout_s if self.stage is Stage.READ_OUT else self.optical.idle_s
        return self.busy_until + patience_s

    def tick(self, line_now: float) -> None:
        """Give up what has been silent for too long."""
        super().tick(line_now)
        if self.readout_due is not None and line_now >= self.readout_due:
            self.read_out_unasked()
        due = self.idle_due()
        if due is not None and line_now >= due:
            self.restart()

    def next_due(self) -> float | None:
        """Give the line time of the next time-out."""
        return self.idle_due() if self.readout_due is None else self.readout_due

    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """Nobody is told what was not asked for; behind HDLC the link inside keeps it until it is polled."""

    def end(self) -> None:
        """Forget the dialogue too."""
        self.restart()
        super().end()
