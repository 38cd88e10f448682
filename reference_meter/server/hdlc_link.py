"""An HDLC line as the server hears it: frames for its addresses go to the connection of their client."""

from reference_meter.codec.hdlc import FrameScanner, HdlcFrame, encode_frame, encode_server_address
from reference_meter.codec.hdlc_parameters import DEFAULT_PARAMETERS
from reference_meter.codec.iec62056_21 import heard_on_line
from reference_meter.server.association import SessionKey
from reference_meter.server.hdlc_connection import Command, HdlcConnection, Mode, command_of
from reference_meter.server.hdlc_window import LLC_COMMAND
from reference_meter.server.link import ServerLink
from reference_meter.server.server import Server
from reference_meter.server.settings import LinkSettings

__all__ = ["LINE", "HdlcLink", "all_station_addresses"]

LINE = (9600, "8N1")
"""Rate and framing of a serial line; the meter knows no others."""

# By octets of a half, or of the whole, of a server address.
_ALL_STATIONS = {1: 0x7F, 2: 0x3FFF}


def all_station_addresses(settings: LinkSettings) -> set[bytes]:
    """Give the server addresses that mean all logical devices, all stations or both."""
    hdlc = settings.hdlc
    if hdlc.address_octets == 1:
        return {encode_server_address(_ALL_STATIONS[1], 0, 1)}
    everybody = _ALL_STATIONS[hdlc.address_octets // 2]
    uppers, lowers = {*settings.server_saps, _ALL_STATIONS[1], everybody}, {hdlc.lower_address, everybody}
    addresses = {(upper, lower) for upper in uppers for lower in lowers}
    addresses -= {(sap, hdlc.lower_address) for sap in settings.server_saps}
    return {encode_server_address(upper, lower, hdlc.address_octets) for upper, lower in addresses}


class HdlcLink(ServerLink):
    """A line with one connection per client and logical device.

    Damaged frames and frames for other addresses stay unanswered. Without a frame of its client for the inactivity
    time-out a connection is disconnected and its association lost.
    """

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        hdlc = self.settings.hdlc
        self.scanner = FrameScanner()
        self.last_heard: float | None = None
        self.peer = LINE
        """Rate and framing of the other side, as far as it has told."""
        self.addresses = {
            encode_server_address(sap, hdlc.lower_address, hdlc.address_octets): sap
            for sap in self.settings.server_saps
        }
        self.all_station_addresses = all_station_addresses(self.settings) - set(self.addresses)
        self.connections: dict[tuple[bytes, int], HdlcConnection] = {}

    def set_line(self, baud: int, framing: str, line_now: float) -> None:
        """Learn how the other side of a serial line sends from now on."""
        self.peer = (baud, framing)

    def receive(self, data: bytes, line_now: float) -> None:
        """Take octets as they come, any number of frames or parts of them."""
        if self.closed:
            return
        self.tick(line_now)
        pause_s = self.settings.hdlc.inter_octet_timeout_s
        if self.last_heard is not None and line_now - self.last_heard >= pause_s:
            self.scanner.forget()
        self.last_heard = line_now
        for frame in self.scanner.scan(heard_on_line(data, self.peer, LINE)):
            self.receive_frame(frame, line_now)

    def receive_frame(self, frame: HdlcFrame, line_now: float) -> None:
        """Hand a good frame to its connection and send what it gives."""
        sap = self.addresses.get(frame.destination)
        if len(frame.source) != 1:
            return
        if sap is None:
            self.receive_broadcast(frame)
            return
        connection = self.connection(sap, frame)
        connection.last_heard = line_now
        for reply in connection.receive(frame):
            self.send_frame(reply, line_now + self.settings.reaction_s)

    def receive_broadcast(self, frame: HdlcFrame) -> None:
        """Have an unnumbered frame to all stations carried out by every logical device; nothing goes back."""
        if frame.destination not in self.all_station_addresses or command_of(frame) is not Command.UI:
            return
        if frame.information.startswith(LLC_COMMAND):
            for sap in self.settings.server_saps:
                key = SessionKey(link_id=self.link_id, client=frame.source[0] >> 1, server=sap)
                self.server.broadcast(key, frame.information[len(LLC_COMMAND) :])

    def connection(self, sap: int, frame: HdlcFrame) -> HdlcConnection:
        """Give the connection of a frame's addresses."""
        found = self.connections.get((frame.source, sap))
        if found is None:
            key = SessionKey(link_id=self.link_id, client=frame.source[0] >> 1, server=sap)
            found = HdlcConnection(self.server, key, frame.destination, frame.source)
            self.connections[frame.source, sap] = found
        return found

    def send_frame(self, frame: HdlcFrame, due: float) -> None:
        """Send one frame at a line time."""
        self.send(encode_frame(frame), due)

    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """Keep an APDU until the client polls: in normal response mode the server speaks only then."""
        for connection in self.connections.values():
            if connection.key == key:
                connection.window.queue([apdu])

    def tick(self, line_now: float) -> None:
        """Disconnect what has been inactive for too long."""
        super().tick(line_now)
        for connection in self.connections.values():
            due = self.inactivity_due(connection)
            if due is not None and line_now >= due:
                connection.reset(Mode.DISCONNECTED, DEFAULT_PARAMETERS)

    def next_due(self) -> float | None:
        """Give the line time of the next disconnection for inactivity."""
        dues = map(self.inactivity_due, self.connections.values())
        return min((due for due in dues if due is not None), default=None)

    def inactivity_due(self, connection: HdlcConnection) -> float | None:
        """Give the line time at which a connection is given up, ``None`` when it is not connected."""
        if self.closed or connection.mode is Mode.DISCONNECTED:
            return None
        return connection.last_heard + self.settings.hdlc.inactivity_timeout_s
