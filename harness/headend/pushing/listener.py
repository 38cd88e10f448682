"""Whoever waits for pushes of the device; it cannot ask for any."""

from dataclasses import dataclass
from typing import Final

from harness.declaration import Door
from harness.errors import ConnectionLost, DecodeError
from harness.headend.connections import Connections
from harness.headend.door_side import PlacedAt
from harness.headend.judged import Judge
from harness.headend.opening import deciphered_in
from harness.headend.port_life import PortLife
from harness.headend.stimuli.raw_line import RawLine
from harness.protocol.apdu import DataNotification
from harness.protocol.axdr import Data, decode
from harness.protocol.push import Envelope
from harness.protocol.wrapper import WrapperFrame, WrapperReader

__all__ = ["PushListener", "Pushed"]

_MOST_LINES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """One push as it came."""

    frame: int
    at: float
    """Line time of its end."""
    notification: DataNotification
    body: Data
    counter: int | None
    """Invocation counter, where it came enciphered."""


class PushListener:
    """Listens at one place; a good exchange here is that it can be listened there at all."""

    def __init__(self, place: PlacedAt) -> None:
        self.door: Door = place.door
        self.settings = place.door.push
        self.clause = place.clause
        self.judge = Judge(self)
        self._trace = place.trace
        self._deciphered = deciphered_in(place.trace, place.declared_secrets)
        self._line: RawLine | None = None
        self._reader = WrapperReader()
        self._connections = Connections(
            door=place.door,
            transports=place.transports,
            trace=place.trace,
            timing=place.timing,
            rest_for=place.rest_for,
            secrets=place.declared_secrets,
        )
        self._life = PortLife(door=place.door, trace=place.trace, exchange=self._good_exchange, rest=self._rest)

    def listen(self) -> None:
        """Be there from now on."""
        if self._line is None:
            self._line = self._connections.raw_line()
            self._reader = WrapperReader()

    def wait(self, seconds: float) -> Pushed | None:
        """The next push within so many seconds, None where nothing comes.

        Raises ``DecodeError`` for what is no push; whatever came of it is in the trace.
        """
        for _ in range(_MOST_LINES):
            self.listen()
            line = self._line
            if line is None:
                return None
            deadline = line.now + seconds
            while (left_s := deadline - line.now) >= 0:
                data = line.receive(left_s, enough=1)
                if data:
                    found = self._reader.receive_data(data) if not self.door.datagrams else _datagram(data)
                    if found:
                        return self._pushed(found[0], line)
                if line.lost is not None or not data:
                    break
            if line.lost is None:
                return None
            # A device hangs up after each push; the next one comes over another connection.
            if self._reader.pending_octets:
                raise DecodeError(f"{self._reader.pending_octets} octets of a push and then the end of the connection")
            self.close_all()
            seconds = max(deadline - line.now, 0.0)
        raise ConnectionLost("connections come and go, and nothing is pushed")

    def _pushed(self, frame: WrapperFrame, line: RawLine) -> Pushed:
        apdu, counter = frame.payload, None
        key, authentication = self.settings.encryption_key, self.settings.authentication_key
        if key is not None:
            envelope = Envelope(
                encryption_key=key.reveal(),
                authentication_key=None if authentication is None else authentication.reveal(),
                system_title=None if self.settings.system_title is None else bytes.fromhex(self.settings.system_title),
                deciphered=self._deciphered,
            )
            opened = envelope.open(apdu)
            apdu, counter = opened.plain, opened.counter
        notification = DataNotification.from_bytes(apdu)
        body = decode(notification.body)
        return Pushed(frame=line.frame, at=line.now, notification=notification, body=body, counter=counter)

    # Whether one can listen

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
        """What to look at where nothing has come."""
        return f"; is the device told to push to door {self.door.id}?"

    def answers(self) -> bool:
        """Whether one can listen."""
        return self._life.answers()

    def answers_after_rest(self) -> bool:
        """Whether one can listen after a short rest."""
        return self._life.answers_after_rest()

    def recover(self) -> bool:
        """Listen again after ever longer rests."""
        return self._life.recover()

    def _good_exchange(self) -> None:
        if self._line is None:
            self.listen()
            self.close_all()

    def _rest(self, seconds: float) -> None:
        self.close_all()
        self._connections.let_pass(seconds)

    def close_all(self) -> None:
        """Listen no longer."""
        self._line = None
        self._connections.close_all()


def _datagram(data: bytes) -> list[WrapperFrame]:
    """The push of one datagram."""
    return [WrapperFrame.from_datagram(data)]
