"""The hand-held unit at the local port: sign-on, readout, commands, and whether the device lives."""

from contextlib import suppress
from typing import Final

from harness.errors import (
    ConnectionLost,
    Garbled,
    Inconclusive,
    NotApplicable,
    PortGone,
    ProtocolViolation,
    Refused,
    Silent,
)
from harness.headend.door_side import PlacedAt
from harness.headend.judged import Judge
from harness.headend.optical.line import OpticalLine
from harness.headend.optical.readout import Readout, with_units
from harness.headend.optical.told import Told, told_of
from harness.headend.port_life import PortLife
from harness.protocol.iec62056_21 import (
    NAK,
    Awaited,
    Block,
    CommandFrame,
    DataSet,
    Dialogue,
    Event,
    Identification,
    OptionSelect,
    State,
    parse_data_sets,
    parse_readout,
    rate_of,
    sign_on_request,
)
from harness.protocol.iec62056_21.answer import Answer
from harness.protocol.iec62056_21.block import BREAK

__all__ = ["OpticalPort"]

_ADDED_PATIENCE: Final = 1.1
_RATE_CHARACTERS: Final = "0123456"
_READING: Final = "R"
_EVENT_OF: Final = {"ack": Event.ACKNOWLEDGED, "data": Event.DATA, "break": Event.BREAK}


class OpticalPort:
    """Speaks to the device at its local port; one dialogue after the other."""

    def __init__(self, place: PlacedAt) -> None:
        self.door = place.door
        self.settings = place.door.iec62056_21
        self.clause = place.clause
        self.timing = place.timing
        self.judge = Judge(self)
        self.line = OpticalLine(place)
        self.dialogue = Dialogue()
        self.identification: Identification | None = None
        self._trace = place.trace
        self._life = PortLife(
            door=place.door,
            trace=place.trace,
            exchange=self._good_exchange,
            rest=self._hang_up_and_rest,
            further_rests_s=(place.timing.inactivity_timeout_s * _ADDED_PATIENCE,),
            timing=place.timing,
        )
        self._has_talked = False

    # Dialogues

    def sign_on(self, address: str | None = None) -> Identification:
        """Begin a dialogue; raises ``Silent`` where nobody answers to the address (None: the declared one)."""
        self.sign_off()
        self.line.set_baud(self.settings.start_baud)
        request = sign_on_request(self.settings.address if address is None else address)
        self.dialogue.sent(Event.REQUEST)
        found = self._repeatedly(request, "sign-on", Awaited.IDENTIFICATION, again=request)
        if not isinstance(found, Identification):
            raise ProtocolViolation("the sign-on is answered with no identification")
        self.dialogue.received(Event.IDENTIFICATION)
        self.identification = found
        return found

    def sign_off(self) -> None:
        """End the dialogue under way with a break, and give the device the rest that it needs."""
        if self._has_talked:
            if self.dialogue.state in (State.PROGRAMMING, State.COMMANDED, State.ENTERING):
                self.line.send(BREAK.to_bytes(), "break")
            self.line.hear(self.settings.rest_s)
        self.dialogue = Dialogue()
        self._has_talked = True

    def abandon(self) -> None:
        """Say nothing until the device must have given up the dialogue."""
        self.line.hear(self.timing.inactivity_timeout_s * _ADDED_PATIENCE)
        self.dialogue, self._has_talked = Dialogue(), False

    def choose_rate(self, identification: Identification) -> str:
        """Return the rate character to be chosen: the highest that both sides allow."""
        highest = self.settings.highest_baud or identification.baud
        return max(
            (one for one in _RATE_CHARACTERS if (rate_of(one) or 0) <= min(highest, identification.baud)),
            default=identification.rate,
        )

    def read_out(self) -> Readout:
        """Sign on and fetch all that the device shows."""
        identification = self.sign_on()
        sent = self.begin_readout(identification)
        answer = self._answer_or_repeated(Awaited.BLOCK, "the readout", sent)
        if not isinstance(answer, Block) or answer.alone is not None:
            raise ProtocolViolation("the readout is no data message")
        self.dialogue.received(Event.DATA)
        sets = with_units(parse_readout(answer.text), self.settings.units)
        return Readout(identification=identification, sets=sets, frame=self.last_record)

    def begin_readout(self, identification: Identification) -> int:
        """Have the readout sent that follows an identification; returns how many octets that took."""
        if identification.mode == "C":
            return self.select(identification, "0", "0", Event.SELECT_READOUT)
        self.dialogue.sent(Event.SELECT_READOUT)
        self.line.set_baud(identification.baud if identification.mode == "B" else self.line.baud)
        return 0

    def judged_readout(self) -> Readout:
        """Fetch a readout; what is missing or damaged is judged between good exchanges."""
        return self.judge.judged("a readout", self.read_out, self.read_out, lambda: self.last_record)

    def require_programming(self) -> None:
        """Raise ``NotApplicable`` where the device has no programming mode."""
        if not self.settings.programming:
            raise NotApplicable("the local port has no programming mode", item="doors.iec62056_21.programming")

    def enter(self) -> None:
        """Sign on and go into programming mode; ``NotApplicable`` where the device has none."""
        self.require_programming()
        identification = self.sign_on()
        if identification.mode != "C":
            raise ProtocolViolation("programming mode is declared, and the identification is that of another mode")
        sent = self.select(identification, "0", "1", Event.SELECT_PROGRAMMING)
        answer = self._answer_or_repeated(Awaited.BLOCK, "the choice of programming mode", sent)
        if not isinstance(answer, CommandFrame) or answer.name != "P0":
            raise ProtocolViolation("programming mode does not begin with P0")
        self.dialogue.received(Event.ENTERED)

    def unlock(self) -> None:
        """Go into programming mode and show the declared password; raises ``Refused``."""
        self.require_programming()
        if self.settings.secret is None:
            raise Inconclusive("the declaration has no doors.iec62056_21.secret", missing="declaration")
        self.enter()
        told = self.show(self.settings.secret.reveal().decode("ascii"))
        if told.name != "ack":
            raise Refused(f"the declared password is answered with {told.name}", told.name)

    def show(self, password: str) -> Told:
        """Show a password in programming mode."""
        return self.command("P1", f"({password})", about="password")

    def read(self, address: str) -> DataSet:
        """Read one data set in programming mode; raises ``Refused``."""
        told = self.command(self.settings.read_command, f"{address}()")
        if told.name != "data":
            raise Refused(f"{address} is answered with {told.name}", told.name)
        sets = parse_data_sets(told.text)
        if len(sets) != 1:
            raise ProtocolViolation(f"{address} is answered with {len(sets)} data sets")
        return sets[0]

    def write(self, address: str, value: str) -> Told:
        """Write one data set in programming mode."""
        return self.command(self.settings.write_command, f"{address}({value})")

    def command(self, name: str, data: str | None, *, about: str = "") -> Told:
        """Send a command in programming mode and return how it is answered; it goes out again where nothing comes."""
        frame = CommandFrame(command=name[0], kind=name[1:], data=data).to_bytes()
        described = f"{name} {about or data or ''}".rstrip()
        self.dialogue.sent(Event.COMMAND)
        answer = self._repeatedly(frame, described, Awaited.REPLY, again=NAK)
        told = told_of(answer, self.last_record, errors=self.settings.error_messages, to_reading=name[0] == _READING)
        self.dialogue.received(_EVENT_OF.get(told.name, Event.REFUSED))
        return told

    def octets(self, octets: bytes, description: str) -> Told:
        """Send octets as they are in a dialogue and return how they are answered; silence is an answer too."""
        self.line.send(octets, description)
        return self.told(description, len(octets))

    def told(self, description: str, sent_octets: int) -> Told:
        """Return how what was just sent is answered."""
        try:
            answer = self.line.answer(Awaited.REPLY, description, sent_octets=sent_octets)
        except Silent:
            return Told(name="silence", frame=self.last_record)
        told = told_of(answer, self.last_record, errors=self.settings.error_messages)
        if told.name == "break":
            self.dialogue.received(Event.BREAK)
        return told

    def select(self, identification: Identification, protocol: str, mode: str, event: Event) -> int:
        """Choose, and go to the chosen rate; returns how many octets were sent."""
        rate = self.choose_rate(identification)
        chosen = OptionSelect(protocol="2" if protocol == "2" else "0", rate=rate, mode=mode)
        octets = chosen.to_bytes()
        self.dialogue.sent(event)
        self.line.send(octets, event.value)
        self.line.set_baud(rate_of(rate) or self.settings.start_baud)
        return len(octets)

    def _repeatedly(self, octets: bytes, description: str, awaited: Awaited, *, again: bytes) -> Answer:
        """Send and return the answer; ``again`` asks once more for one that came damaged."""
        self.line.send(octets, description)
        error: Silent | Garbled
        try:
            return self.line.answer(awaited, description, sent_octets=len(octets))
        except (Silent, Garbled) as first:
            error = first
        for _ in range(self.door.repetitions):
            repeated = octets if isinstance(error, Silent) else again
            self.line.send(repeated, f"{description} again")
            try:
                return self.line.answer(awaited, description, sent_octets=len(repeated))
            except (Silent, Garbled) as failed:
                error = failed
        raise error

    def _answer_or_repeated(self, awaited: Awaited, description: str, sent_octets: int) -> Answer:
        """Return the answer; one that came damaged is asked for again."""
        try:
            return self.line.answer(awaited, description, sent_octets=sent_octets)
        except Garbled:
            return self._repeatedly(NAK, f"{description} again", awaited, again=NAK)

    # Whether the device lives

    @property
    def last_record(self) -> int:
        """Number of the last record in the trace that shows what the device sent, else of the last of all."""
        return self._trace.last_received or self._trace.last

    @property
    def last_failure(self) -> str:
        """Why the last good exchange was none."""
        return self._life.last_failure

    @property
    def hint(self) -> str:
        """What to look at where the device has never answered at this port in this run; else nothing."""
        if self.timing.has_answered:
            return ""
        return f"; it has never answered at door {self.door.id} in this run: are url and [doors.iec62056_21] right?"

    def answers(self) -> bool:
        """Whether the device goes into programming mode, or is read out where it has none."""
        return self._life.answers()

    def answers_after_rest(self) -> bool:
        """Whether a good exchange succeeds after a short rest."""
        return self._life.answers_after_rest()

    def recover(self) -> bool:
        """Try good exchanges after a rest, after DISC where a link may be left, and after ever longer rests.

        The last comes once the device must have given up its dialogue.
        """
        if self.line.gone_over is None:
            return self._life.recover()
        if self._life.answers_after_rest():
            return True
        self.close_all()
        with suppress(ConnectionLost, PortGone):
            self.line.disconnect_hdlc()
        return self._life.recover()

    def _good_exchange(self) -> None:
        if self.settings.programming:
            self.enter()
            self.sign_off()
        else:
            self.read_out()

    def _hang_up_and_rest(self, seconds: float) -> None:
        self.close_all()
        self.line.connections.let_pass(seconds)

    def close_all(self) -> None:
        """End the dialogue and hang up."""
        try:
            if self.dialogue.state is not State.SILENT:
                self.sign_off()
        except (ConnectionLost, PortGone):
            pass  # the connection is given up anyway
        self.line.close()
        self.dialogue, self._has_talked = Dialogue(), False
