"""The consumer's device: it listens, and cannot ask."""

from collections.abc import Sequence
from typing import Final

from harness.declaration import Door
from harness.declaration.door_p1 import LongerList
from harness.errors import ConnectionLost, DecodeError, PortGone, Silent
from harness.headend.connections import Connections
from harness.headend.consumer.heard import Arrival, Heard, Requested
from harness.headend.consumer.layouts import layout_of
from harness.headend.door_side import PlacedAt
from harness.headend.judged import Judge
from harness.headend.opening import deciphered_in
from harness.headend.port_life import PortLife
from harness.headend.stimuli.raw_line import RawLine
from harness.protocol.p1 import Address

__all__ = ["ConsumerPort"]

_PERIODS_OF_SILENCE: Final = 3
_MOST_LONGER: Final = 2


class ConsumerPort:
    """Hears telegrams; a good exchange here is one telegram, whatever it says."""

    def __init__(self, place: PlacedAt) -> None:
        self.door: Door = place.door
        self.settings = place.door.p1 if place.door.consumer is None else place.door.consumer
        self.layout = layout_of(place.door, deciphered_in(place.trace, place.declared_secrets))
        self.longer: tuple[LongerList, ...] = place.door.han.longer if place.door.protocol == "han" else ()
        """Lists that come more rarely."""
        self.clause = place.clause
        self.timing = place.timing
        self.judge = Judge(self)
        self._trace = place.trace
        self._connections = Connections(
            door=place.door,
            transports=place.transports,
            trace=place.trace,
            timing=place.timing,
            rest_for=place.rest_for,
            secrets=place.declared_secrets,
        )
        self._life = PortLife(door=place.door, trace=place.trace, exchange=lambda: self.hear(1), rest=self._rest)

    @property
    def silence_s(self) -> float:
        """After so long without an octet the port is silent."""
        return _PERIODS_OF_SILENCE * self.settings.period_s + self.door.timing.response_time_s

    def hear(self, count: int, *, shout: bytes = b"", about: str = "") -> Heard:
        """Hear ``count`` telegrams from their begin on, and one more where the last is of a longer list.

        ``shout`` is sent into the port before.
        Raises ``Silent`` where nothing comes for some periods, or nothing that makes a telegram; ``ConnectionLost``.
        """
        line = self._line()
        self._trace.last_request = about or "a telegram"
        try:
            if shout:
                line.send(shout, about)
            return self._hear(line, count)
        finally:
            self.close_all()

    def request(self, count: int, *, pause_s: float, amid: bool) -> Requested:
        """Take the data request away for a while, ``amid`` a telegram or before the first; then hear ``count``.

        Raises as ``hear``; ``Silent`` also where no telegram begins in which the request could go away.
        """
        line = self._line()
        self._trace.last_request = "a data request"
        try:
            if amid and not line.receive(self.silence_s, enough=1):
                raise Silent("no telegram", self.silence_s)
            self._ask(line, on=False)
            line.receive(self.settings.request_s)
            unasked, frame = line.receive(pause_s), line.frame
            self._ask(line, on=True)
            asked_at = line.now
            heard = self._hear(line, count)
            began_s = heard.arrivals[0].began - asked_at
            return Requested(unasked=unasked, frame=frame, began_s=began_s, heard=heard)
        finally:
            self.close_all()

    def _ask(self, line: RawLine, *, on: bool) -> None:
        """Switch the declared line, if the request is switched at all."""
        if self.settings.data_request is not None:
            line.set_control(self.settings.data_request, on=on)

    def _hear(self, line: RawLine, count: int) -> Heard:
        reader = self.layout.reader()
        arrivals: list[Arrival] = []
        began = first = line.now
        longest_s = (count + _PERIODS_OF_SILENCE) * self.settings.period_s * (1 + self.settings.tolerance)
        while (enough := self._enough(arrivals, count)) is None:
            data = line.receive(self.silence_s, enough=1)
            if line.lost is not None:
                raise ConnectionLost(line.lost)
            if not data or line.now - first > longest_s + self.silence_s:
                raise Silent(f"{len(arrivals)} telegrams instead of {count}", line.now - first)
            if not reader.begun:
                began = line.now
            for octets in reader.receive_data(data):
                arrivals.append(self._arrival(octets, began, line))
                began = line.now
        self.timing.learn(0.0)
        return Heard(arrivals=tuple(arrivals[:enough]), stray=reader.stray, frame=line.frame)

    def _enough(self, arrivals: Sequence[Arrival], count: int) -> int | None:
        """How many telegrams are wanted, so that the last one is of the usual list; None while there are fewer."""
        enough = count
        while enough < count + _MOST_LONGER and enough <= len(arrivals) and self.is_longer(arrivals[enough - 1]):
            enough += 1
        return enough if len(arrivals) >= enough else None

    def is_longer(self, arrival: Arrival) -> bool:
        """Whether a telegram is of a list that comes more rarely than the usual one."""
        if not self.longer:
            return False
        try:
            told = set(arrival.telegram().addresses)
        except DecodeError:
            return False
        lists = [set(map(Address.parse, one.objects)) for one in self.longer]
        return told in lists and told != set(map(Address.parse, self.settings.objects))

    def _arrival(self, octets: bytes, began: float, line: RawLine) -> Arrival:
        return Arrival(octets=octets, began=began, ended=line.now, frame=line.frame, layout=self.layout)

    def _line(self) -> RawLine:
        try:
            line = self._connections.raw_line()
        except PortGone as gone:
            if self.door.is_network and self.timing.has_answered:
                raise ConnectionLost(f"the door is shut: {gone}") from gone
            raise
        self._ask(line, on=True)
        return line

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
        """What to look at where no telegram has ever come at this door in this run; else nothing."""
        if self.timing.has_answered:
            return ""
        return f"; no telegram has ever come at door {self.door.id} in this run: are url and data request line right?"

    def answers(self) -> bool:
        """Whether a telegram comes."""
        return self._life.answers()

    def answers_after_rest(self) -> bool:
        """Whether a telegram comes after a short rest."""
        return self._life.answers_after_rest()

    def recover(self) -> bool:
        """Close, and listen again after ever longer rests."""
        return self._life.recover()

    def _rest(self, seconds: float) -> None:
        self.close_all()
        self._connections.let_pass(seconds)

    def close_all(self) -> None:
        """Hang up."""
        self._connections.close_all()
