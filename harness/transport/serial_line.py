"""Serial doors: ``serial:///dev/ttyUSB0?baud=9600&framing=8N1`` and ``rfc2217://host:port?baud=9600``.

Keys of both: ``baud`` (default 9600), ``framing`` (``8N1``; what a UART does by itself: 7 or 8 data bits,
parity N, E or O, 1 or 2 stop bits), ``echo`` (``keep`` or ``strip``), ``dtr`` and ``rts`` (``on`` or ``off``).
A port that cannot do a framing, such as a pseudo-terminal with parity, is ``PortGone``: it is the lab's.
A remote port answers for itself: the RFC 2217 server confirms what it has set.
pyserial is imported when a port is opened.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from harness.errors import PortGone, UsageError
from harness.transport.base import ControlLine, Transport
from harness.transport.door_url import DoorUrl, QueryReader
from harness.transport.echo import EchoFilter
from harness.transport.limits import LONGEST_RECEIVE_OCTETS, SEND_TIMEOUT_S
from harness.transport.opener import OpenRequest

if TYPE_CHECKING:
    from serial import Serial, rfc2217

    Port = Serial | rfc2217.Serial

__all__ = ["FRAMINGS", "RFC2217", "SERIAL", "SerialLine", "SerialSettings"]

FRAMINGS = tuple(map("".join, product("87", "NEO", "12")))
"""The framings that a port can be set to: 8N1, 8N2, 8E1 ..."""

_RATES_BAUD = (50, 4_000_000)
_READ_SLICE_S = 0.02
_WRITE_OCTETS = 64
_ECHO_PATIENCE_S = 1.0
_POLL_S = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialSettings:
    """The query of a serial URL."""

    baud: int
    framing: str
    strip_echo: bool
    dtr: bool
    rts: bool

    @classmethod
    def from_url(cls, url: DoorUrl) -> "SerialSettings":
        """Read the query; raises ``UsageError``."""
        reader = QueryReader(url)
        settings = cls(
            baud=reader.integer("baud", *_RATES_BAUD, 9600),
            framing=reader.choice("framing", FRAMINGS, "8N1"),
            strip_echo=reader.choice("echo", ("keep", "strip"), "keep") == "strip",
            dtr=reader.choice("dtr", ("on", "off"), "on") == "on",
            rts=reader.choice("rts", ("on", "off"), "on") == "on",
        )
        reader.finish()
        return settings


@contextmanager
def _port_errors(name: str) -> Iterator[None]:
    """Turn what a failing port raises into ``PortGone``."""
    from serial import SerialException

    failures: tuple[type[Exception], ...] = (SerialException, OSError)
    try:
        import termios
    except ImportError:
        pass  # not a POSIX system: such errors do not exist there
    else:
        failures = (*failures, termios.error)
    try:
        yield
    except failures as error:
        raise PortGone(f"{name}: {error}") from error


class SerialLine:
    """A port of pyserial, opened with a read timeout of a slice, so that waiting never reconfigures it."""

    def __init__(self, port: "Port", *, name: str, strip_echo: bool = False) -> None:
        self._port = port
        self._name = name
        self._echo = EchoFilter() if strip_echo else None
        self._idle_at = 0.0
        """Line time at which everything sent has left, by rate and framing."""

    def send(self, data: bytes) -> None:
        """Hand the octets to the port; ``PortGone`` where it takes nothing for ten seconds."""
        octet_s = (1 + self._port.bytesize + (self._port.parity != "N") + self._port.stopbits) / self._port.baudrate
        self._idle_at = max(self._idle_at, self.now()) + len(data) * octet_s
        if self._echo is not None:
            self._echo.sent(data, self._idle_at + _ECHO_PATIENCE_S)
        with _port_errors(self._name):
            for start in range(0, len(data), _WRITE_OCTETS):
                self._port.write(data[start : start + _WRITE_OCTETS])

    def receive(self, deadline: float) -> bytes:
        """Return what has arrived, or ``b""`` at the deadline."""
        while True:
            with _port_errors(self._name):
                data = self._read(deadline)
            now = self.now()
            if self._echo is not None:
                data = self._echo.receive(data, now)
            if data or now >= deadline:
                return data

    def _read(self, deadline: float) -> bytes:
        """Wait for one slice, or for what is left of it, and take what is there."""
        if deadline - self.now() >= _READ_SLICE_S:
            data = self._port.read(1)
        else:
            while not self._port.in_waiting and self.now() < deadline:
                time.sleep(min(_POLL_S, max(deadline - self.now(), 0.0)))
            data = b""
        waiting = min(self._port.in_waiting, LONGEST_RECEIVE_OCTETS - len(data))
        return data + self._port.read(waiting) if waiting else data

    def set_line(self, baud: int, framing: str) -> None:
        """Change rate and framing after everything sent has left."""
        if framing not in FRAMINGS:
            raise ValueError(f"framing {framing!r}; allowed: {', '.join(FRAMINGS)}")
        with _port_errors(self._name):
            # What the driver or the far port server still holds is known by its time only.
            self._port.flush()
            time.sleep(max(self._idle_at - self.now(), 0.0))
            self._port.apply_settings(_port_settings(baud, framing))
            _check_framing(self._port, framing)

    def set_control(self, line: ControlLine, *, on: bool) -> None:
        """Switch a line; a pseudo-terminal has none, and takes a break without making one."""
        try:
            with _port_errors(self._name):
                if line == "break":
                    self._port.dtr = self._port.dtr
                    self._port.break_condition = on
                else:
                    setattr(self._port, line, on)
        except PortGone as gone:
            raise PortGone(f"{self._name} has no line {line.upper()}, like every pseudo-terminal: {gone}") from gone

    def now(self) -> float:
        """Monotonic time of the computer."""
        return time.monotonic()

    def close(self) -> None:
        """Close the port."""
        # pyserial forgets its RFC 2217 socket without closing it when the far side was first.
        connection = getattr(self._port, "_socket", None)
        self._port.close()
        if connection is not None:
            connection.close()


def _port_settings(baud: int, framing: str) -> dict[str, Any]:
    """Return rate and framing in pyserial's words."""
    return {
        "baudrate": baud,
        "bytesize": int(framing[0]),
        "parity": framing[1],
        "stopbits": int(framing[2]),
    }


def _check_framing(port: "Port", framing: str) -> None:
    """Ask a local POSIX port for its framing: a pseudo-terminal stays at 8N1 and reports no error."""
    descriptor: int | None = getattr(port, "fd", None)
    if descriptor is None:
        return
    import termios

    flags = termios.tcgetattr(descriptor)[2]
    bits = "7" if flags & termios.CSIZE == termios.CS7 else "8"
    odd_or_even = "O" if flags & termios.PARODD else "E"
    stop = "2" if flags & termios.CSTOPB else "1"
    found = bits + (odd_or_even if flags & termios.PARENB else "N") + stop
    if found != framing:
        raise OSError(f"the port stays at framing {found}, it cannot do {framing}")


def _opened(port: "Port", name: str, where: str, settings: SerialSettings) -> SerialLine:
    port.port = where
    port.timeout = _READ_SLICE_S
    port.apply_settings(_port_settings(settings.baud, settings.framing))
    port.dtr = settings.dtr
    port.rts = settings.rts
    # pyserial starts its thread by names that Python deprecates, and drops a refused socket unclosed.
    with _port_errors(name), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        port.open()
        try:
            _check_framing(port, settings.framing)
        except Exception:
            port.close()
            raise
    return SerialLine(port, name=name, strip_echo=settings.strip_echo)


class _SerialOpener:
    """Checks and opens; ``open_port`` does what differs between a local and a remote port."""

    def __init__(
        self, check_location: Callable[[DoorUrl], object], open_port: Callable[[DoorUrl, OpenRequest], Transport]
    ) -> None:
        self._check_location = check_location
        self._open_port = open_port

    def check(self, url: DoorUrl, protocol: str) -> None:
        self._check_location(url)
        SerialSettings.from_url(url)

    def open(self, url: DoorUrl, request: OpenRequest) -> Transport:
        self.check(url, request.protocol)
        return self._open_port(url, request)


def _check_path(url: DoorUrl) -> None:
    if not url.location:
        raise UsageError(f"{url.text}: expected serial:///dev/... (or serial://COM3)")


def _open_local(url: DoorUrl, request: OpenRequest) -> Transport:
    from serial import Serial

    # Exclusive: two harnesses on one line would each see the other's frames.
    port = Serial(write_timeout=SEND_TIMEOUT_S, exclusive=True)
    return _opened(port, f"serial port {url.location}", url.location, SerialSettings.from_url(url))


def _open_remote(url: DoorUrl, request: OpenRequest) -> Transport:
    from serial import rfc2217

    host, port = url.host_port()
    shown = f"[{host}]" if ":" in host else host
    where = f"rfc2217://{shown}:{port}?timeout={request.connect_timeout_s}"
    name = f"rfc2217 host {host} port {port}"
    return _opened(rfc2217.Serial(), name, where, SerialSettings.from_url(url))


SERIAL = _SerialOpener(_check_path, _open_local)
"""Opener of scheme ``serial``."""

RFC2217 = _SerialOpener(DoorUrl.host_port, _open_remote)
"""Opener of scheme ``rfc2217``; its port server takes at most five seconds to accept, whatever is asked."""
