"""Links that carry APDUs in the wrapper: a stream and datagrams."""

from reference_meter.codec import wrapper
from reference_meter.codec.octets import Malformed
from reference_meter.codec.wrapper import HEADER_OCTETS, WrapperMessage
from reference_meter.server.association import SessionKey
from reference_meter.server.link import Close, ServerLink
from reference_meter.server.server import Server

__all__ = ["WrapperDatagramLink", "WrapperLink"]

_ALL_STATIONS = (0x007F, 0x3FFF)


class _WrapperPorts(ServerLink):
    """What stream and datagrams share: from wrapper message to session and back."""

    def take_message(self, message: WrapperMessage, line_now: float) -> None:
        """Have a message answered; a logical device that is not there stays silent, and so do all at once."""
        if message.destination in _ALL_STATIONS:
            self.take_broadcast(message)
        if message.destination not in self.settings.server_saps:
            return
        key = SessionKey(link_id=self.link_id, client=message.source, server=message.destination)
        for answer in self.server.exchange(key, message.apdu):
            self.send_apdu(key, answer, line_now + self.settings.reaction_s)

    def take_broadcast(self, message: WrapperMessage) -> None:
        """Have a message to all stations carried out by every logical device."""
        for sap in self.settings.server_saps:
            key = SessionKey(link_id=self.link_id, client=message.source, server=sap)
            self.server.broadcast(key, message.apdu)

    def send_apdu(self, key: SessionKey, apdu: bytes, due: float) -> None:
        """Send one APDU to the client of a session."""
        message = WrapperMessage(source=key.server, destination=key.client, apdu=apdu)
        self.send(wrapper.encode(message), due)

    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """Send an APDU that nobody asked for at once."""
        self.send_apdu(key, apdu, line_now)


class WrapperLink(_WrapperPorts):
    """A stream of wrapper messages, as over TCP.

    Octets with a wrong version cannot be told from others, so all that wait are dropped with them and the next
    octets are taken as the begin of a message. An unfinished message is given up after a pause.
    """

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.buffer = bytearray()
        self.last_heard: float | None = None

    def receive(self, data: bytes, line_now: float) -> None:
        """Take octets as they come, any number of messages or parts of them."""
        self.tick(line_now)
        if self.closed:
            return
        pause_s = self.settings.partial_message_timeout_s
        if self.last_heard is not None and line_now - self.last_heard >= pause_s:
            self.buffer.clear()
        self.last_heard = line_now
        self.buffer += data
        while (message := self.next_message()) is not None:
            self.take_message(message, line_now)
            if self.server.ends_link(self.link_id):
                self.events.append(Close(due=line_now + self.settings.reaction_s))
                self.end()
                return

    def next_message(self) -> WrapperMessage | None:
        """Take the next complete message from the buffer."""
        if len(self.buffer) < HEADER_OCTETS:
            return None
        try:
            header = wrapper.decode_header(bytes(self.buffer[:HEADER_OCTETS]))
        except Malformed:
            self.buffer.clear()
            return None
        end = HEADER_OCTETS + header.length_octets
        if len(self.buffer) < end:
            return None
        apdu = bytes(self.buffer[HEADER_OCTETS:end])
        del self.buffer[:end]
        return WrapperMessage(source=header.source, destination=header.destination, apdu=apdu)

    def tick(self, line_now: float) -> None:
        """Close the stream after a long silence, where the settings say so."""
        super().tick(line_now)
        due = self.next_due()
        if due is not None and line_now >= due:
            self.events.append(Close(due=due))
            self.end()

    def next_due(self) -> float | None:
        """Give the line time at which silence closes the stream."""
        timeout_s = self.settings.tcp_inactivity_timeout_s
        if self.closed or timeout_s is None or self.last_heard is None:
            return None
        return self.last_heard + timeout_s


class WrapperDatagramLink(_WrapperPorts):
    """Datagrams of one wrapper message each, as over UDP; a datagram that is not exactly one message is dropped."""

    def receive(self, data: bytes, line_now: float) -> None:
        """Take one datagram."""
        if self.closed:
            return
        self.tick(line_now)
        try:
            header = wrapper.decode_header(data)
        except Malformed:
            return
        apdu = data[HEADER_OCTETS:]
        if len(apdu) == header.length_octets:
            message = WrapperMessage(source=header.source, destination=header.destination, apdu=apdu)
            self.take_message(message, line_now)
