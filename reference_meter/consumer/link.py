"""The line to the consumer's devices: telegrams at their pace, nothing heard."""

from abc import abstractmethod
from math import floor

from reference_meter.consumer.contents import ConsumerContents
from reference_meter.model.metering import Metering
from reference_meter.server.association import SessionKey
from reference_meter.server.link import ServerLink
from reference_meter.server.server import Server

__all__ = ["ConsumerLink", "PacedLink"]

_BITS = 10
_SLICE_S = 0.02
_REQUEST = "rts"
"""The line that the cable leads to the data request."""


class PacedLink(ServerLink):
    """A telegram begins at each whole period of line time."""

    def __init__(self, server: Server, metering: Metering, *, period_s: float, baud: int) -> None:
        super().__init__(server)
        self.period_s = period_s
        """Seconds from the begin of a telegram to that of the next one."""
        self.due = (floor(server.line_now / period_s) + 1) * period_s
        self.requested = True
        """Nothing begins while the consumer's device does not ask for it."""
        self._metering = metering
        self._baud = baud

    def set_control(self, line: str, on: bool, line_now: float) -> None:
        """Hear the data request; what is under way goes on to its end, which is near."""
        if line == _REQUEST:
            self.requested = on

    @abstractmethod
    def telegram(self, begun: float) -> bytes:
        """The octets of a telegram that begins at this line time."""

    def receive(self, data: bytes, line_now: float) -> None:
        """There is no wire for this direction."""
        self.tick(line_now)

    def tick(self, line_now: float) -> None:
        """Send what is due; what could not be sent in its time is left out."""
        super().tick(line_now)
        if self.closed or line_now < self.due:
            return
        if line_now - self.due > self.period_s:
            self.due = floor(line_now / self.period_s) * self.period_s
        begun, self.due = self.due, self.next_begin(self.due)
        if self._metering.powered and self.requested:
            self.say(self.telegram(begun), max(begun, line_now))

    def next_begin(self, begun: float) -> float:
        """Line time at which the telegram after one that began is due."""
        return begun + self.period_s

    def say(self, octets: bytes, begun: float) -> None:
        """Have octets arrive at the pace of the line."""
        size = max(1, int(self._baud * _SLICE_S / _BITS))
        for at in range(0, len(octets), size):
            part = octets[at : at + size]
            self.send(part, begun + (at + len(part)) * _BITS / self._baud)

    def next_due(self) -> float | None:
        """Line time of the next telegram."""
        return None if self.closed else self.due

    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """APDUs do not leave here."""


class ConsumerLink(PacedLink):
    """A P1 port."""

    def __init__(self, server: Server, contents: ConsumerContents) -> None:
        settings = contents.settings
        super().__init__(server, contents.parts.metering, period_s=settings.period_s, baud=settings.baud)
        self.contents = contents

    def telegram(self, begun: float) -> bytes:
        """The telegram of now."""
        return self.contents.telegram()
