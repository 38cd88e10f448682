"""The serial doors of a declaration: how fast their lines are, and how much of their idle time is the device's."""

from harness.declaration import Declaration
from harness.report.line_use import LineRate
from harness.transport.door_url import DoorUrl
from harness.transport.serial_line import SerialSettings

__all__ = ["serial_rates"]

_SCHEMES = ("serial", "rfc2217")


def serial_rates(declaration: Declaration) -> dict[str, LineRate]:
    """Return the rate of each door with a line of its own; one that is impaired on purpose has none to speak of."""
    rates = {}
    for door in declaration.doors:
        url = DoorUrl.parse(door.url)
        if url.scheme in _SCHEMES:
            line = SerialSettings.from_url(url)
            declared_s = door.timing.reaction_s
            rates[door.id] = LineRate(
                baud=line.baud,
                bits=1 + int(line.framing[0]) + (line.framing[1] != "N") + int(line.framing[2]),
                reaction_s=door.timing.response_time_s if declared_s is None else declared_s,
            )
    return rates
