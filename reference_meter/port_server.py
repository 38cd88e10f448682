"""A serial door behind RFC 2217: a port server whose port has the rate, framing and break that the client asks for."""

import asyncio
from typing import cast

from serial.rfc2217 import PortManager, Serial

from reference_meter.serial_wire import FIXED_LINES
from reference_meter.serve import ServedLink, ServedMeter

__all__ = ["PortServerDoor", "VirtualPort"]

_LARGEST_BACKLOG_OCTETS = 1024 * 1024


class VirtualPort:
    """The serial port of the server, as pyserial's manager sees it."""

    def __init__(self) -> None:
        self.baudrate = 9600
        self.bytesize = 8
        self.parity = "N"
        self.stopbits = 1
        self.rts = self.dtr = self.cts = self.dsr = self.cd = True
        self.ri = self.break_condition = self.xonxoff = self.rtscts = self.dsrdtr = False

    def reset_input_buffer(self) -> None:
        """Hold nothing that could be dropped."""

    def reset_output_buffer(self) -> None:
        """Hold nothing that could be dropped."""

    def line(self) -> tuple[int, str]:
        """Rate and framing."""
        return self.baudrate, f"{self.bytesize}{self.parity}{self.stopbits}"


class PortServerDoor(asyncio.Protocol):
    """One client of the port server."""

    def __init__(self, served: ServedMeter, door: str) -> None:
        self._served = served
        self._door = door
        self._port = VirtualPort()
        self._link: ServedLink | None = None
        self._transport: asyncio.Transport | None = None
        self._manager: PortManager | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect it to the meter."""
        self._transport = cast("asyncio.Transport", transport)
        # It asks nothing more of either than what is here.
        self._manager = PortManager(cast("Serial", self._port), cast("Serial", self._transport))
        self._link = self._served.open(self._door, self, FIXED_LINES.get(self._door))

    def data_received(self, data: bytes) -> None:
        """Hand octets on, each with the settings that were in force when it came; a break destroys what it covers."""
        if self._manager is None:
            return
        piece, sent = b"", self._port.line()
        for octet in self._manager.filter(data):
            if self._port.line() != sent:
                self._hand_on(piece, sent)
                piece, sent = b"", self._port.line()
            if not self._port.break_condition:
                piece += octet
        self._hand_on(piece, sent)
        if self._link is not None:
            self._link.set_control("rts", on=self._port.rts)
            self._link.set_control("break", on=self._port.break_condition)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up."""
        if self._link is not None:
            self._link.hang_up()
            self._link = None

    def line(self) -> tuple[int, str]:
        """Rate and framing of the client's port."""
        return self._port.line()

    def write(self, data: bytes) -> None:
        """Send octets; a client that does not read them is given up."""
        if self._transport is None or self._manager is None or self._transport.is_closing():
            return
        self._transport.write(b"".join(self._manager.escape(data)))
        if self._transport.get_write_buffer_size() > _LARGEST_BACKLOG_OCTETS:
            self._transport.abort()

    def close(self) -> None:
        """End the connection after what was written."""
        if self._transport is not None:
            self._transport.close()

    def _hand_on(self, octets: bytes, sent: tuple[int, str]) -> None:
        if octets and self._link is not None:
            if self._door == "mbus":
                self._link.set_line(sent)
            self._link.receive(octets, sent)
