"""The link of a master to the bus."""

from reference_meter.codec.mbus import Request, request_from_octets
from reference_meter.codec.octets import Malformed
from reference_meter.mbus.bus import MBus
from reference_meter.server.association import SessionKey
from reference_meter.server.link import ServerLink
from reference_meter.server.server import Server

__all__ = ["MBusLink"]


class MBusLink(ServerLink):
    """A master's octets; what is no request is dropped with the pause that must follow it, and nobody answers."""

    def __init__(self, server: Server, bus: MBus) -> None:
        super().__init__(server)
        self.bus = bus
        self.buffer = b""
        self.last_heard = 0.0

    def receive(self, data: bytes, line_now: float) -> None:
        """Take octets as they come."""
        self.tick(line_now)
        if self.closed:
            return
        settings = self.bus.settings
        if line_now - self.last_heard >= settings.idle_bits / settings.baud:
            self.buffer = b""
        self.last_heard = line_now
        self.buffer += data
        request = self.next_request()
        if request is not None:
            answer = self.bus.answer(request)
            if answer is not None:
                self.send(answer, line_now + settings.bits_before_answer / settings.baud)

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
