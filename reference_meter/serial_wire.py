"""What two sides of a serial line hear of each other, each at its own rate and framing."""

import termios
from typing import Protocol, runtime_checkable

from reference_meter.codec.iec62056_21 import heard_on_line
from reference_meter.server.hdlc_link import LINE
from reference_meter.server.link import Send, ServerLink

__all__ = [
    "FIXED_LINES",
    "SerialOutlet",
    "heard_by_client",
    "heard_by_meter",
    "rate_of_terminal",
    "set_rate_of_terminal",
]

Line = tuple[int, str]
"""Rate and framing."""

_RATES = {
    getattr(termios, f"B{baud}"): baud
    for baud in (300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
    if hasattr(termios, f"B{baud}")
}
_DEFAULT_BAUD = 9600
FIXED_LINES = {"hdlc": LINE}
"""By door, the settings of meters that know one only; others follow those of the client, or do not, by themselves."""


@runtime_checkable
class SerialOutlet(Protocol):
    """An outlet that knows how the client's port is set."""

    def line(self) -> tuple[int, str]:
        """Rate and framing of the client's port now."""


def heard_by_client(event: Send, outlet: object, fixed: Line | None = None) -> bytes:
    """The octets of an event as they arrive; those of a link that knows no line, nor has a fixed one, as they are."""
    line = getattr(event, "line", fixed)
    if line is None or not isinstance(outlet, SerialOutlet):
        return event.data
    return heard_on_line(event.data, line, outlet.line())


def heard_by_meter(data: bytes, sent: Line | None, link: ServerLink, fixed: Line | None = None) -> bytes:
    """The octets of a client as the link hears them at its own line, or at a fixed one."""
    line = getattr(link, "line", fixed)
    return data if sent is None or line is None else heard_on_line(data, sent, line)


def rate_of_terminal(descriptor: int) -> int:
    """The rate to which the client has set a pseudo terminal, in baud."""
    return _RATES.get(termios.tcgetattr(descriptor)[5], _DEFAULT_BAUD)


def set_rate_of_terminal(descriptor: int, baud: int) -> None:
    """Set a pseudo terminal to a rate in baud; ``StopIteration`` for one that terminals do not have."""
    settings = termios.tcgetattr(descriptor)
    settings[4] = settings[5] = next(speed for speed, rate in _RATES.items() if rate == baud)
    termios.tcsetattr(descriptor, termios.TCSANOW, settings)
