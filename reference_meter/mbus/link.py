"""The link of a master to the bus."""

from reference_meter.codec.mbus import Request, request_from_octets
from reference_meter.codec.octets import Malformed
from reference_meter.mbus.bus import MBus
from reference_meter.server.association import SessionKey
from reference_meter.server.link import ServerLink
from reference_meter.server.server import Server

__all__ = ["FRAMING", "MBusLink"]

FRAMING = "8E1"


class MBusLink(ServerLink):
    """A master's octets; what is no request is dropped with the pause that must follow it, and nobody answers."""

    def __init__(self, server: Server, bus: MBus) -> None:
        super().__init__(server)
        self.bus = bus
        self.buffer = b""
        self.last_heard = 0.0
        self.peer: tuple[int, str] | None = None
        """Rate and framing of the master; None for those of the bus."""

    def receive(self, data: bytes, line_now: float) -> None:
        """Take octets as they come."""
        self.tick(line_now)
        if self.closed:
            return
        settings, baud = self.bus.settings, self.baud
        if line_now - self.last_heard >= settings.idle_bits / baud:
            self.buffer = b""
        self.last_heard = line_now
        self.buffer += data if self.is_understood() else garbled(data)
        request = self.next_request()
        if request is not None:
            answer = self.bus.answer(request, baud, line_now)
            if answer is not None:
                self.send(answer, line_now + settings.bits_before_answer / baud)

    def set_line(self, baud: int, framing: str, line_now: float) -> None:
        """Learn at which rate and with which framing the master sends from now on."""
        self.tick(line_now)
        self.peer = (baud, framing)

    @property
    def baud(self) -> int:
        """The rate of the master."""
        return self.bus.settings.baud if self.peer is None else self.peer[0]

    def is_understood(self) -> bool:
        """Whether any slave makes octets of what it hears."""
        framing = FRAMING if self.peer is None else self.peer[1]
        return framing == FRAMING and any(slave.baud == self.baud for slave in self.bus.slaves)

    def tick(self, line_now: float) -> None:
        """Let slaves go back to their rate that were left alone."""
        super().tick(line_now)
        self.bus.tick(line_now)

    def next_request(self) -> Request | None:
        """The request that has come whole; octets that can become none stay until there is a pause."""
        try:
            request = request_from_octets(self.buffer)
        except Malformed:
            return None
        if request is not None:
            self.buffer = b""
        return request

    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """Slaves never speak by themselves, and carry no APDUs."""


def garbled(data: bytes) -> bytes:
    """What octets of another rate or framing are for those who listen."""
    return bytes(octet ^ 0x9B for octet in data)
