"""A meter behind the gateway, its own line to it, and how it behaves there."""

import zlib
from dataclasses import dataclass, replace

from reference_meter.codec import wrapper
from reference_meter.codec.octets import Malformed
from reference_meter.codec.wrapper import WrapperMessage
from reference_meter.gateway import prefix
from reference_meter.gateway.prefix import Envelope
from reference_meter.gateway.settings import ChildSettings, Condition
from reference_meter.meter import Meter
from reference_meter.model.configuration import Client, MeterConfiguration
from reference_meter.server.association import SessionKey
from reference_meter.server.link import Send, ServerLink

__all__ = ["Child", "Heard"]

_CHECK_OCTETS = 4
_FOREIGN_ADDRESS = b"\xee"
_CLIENTS = (
    Client(sap=16, role="public"),
    Client(sap=2, role="reading", mechanism=1, secret=b"reads-it"),
    Client(sap=1, role="management", mechanism=1, secret=b"manages-"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One frame that came over the device's line."""

    envelope: Envelope | None
    """None for a damaged frame."""
    in_time: bool


class Child:
    """One meter; ``condition`` is how it behaves towards the gateway."""

    def __init__(self, settings: ChildSettings) -> None:
        self.settings = settings
        self.condition: Condition = "good"
        self.failures = 0
        """Requests in a row that were in vain."""
        self.given_up = False
        """The gateway has found it unreachable, and has not heard of it since."""
        self.meter = Meter(
            replace(
                MeterConfiguration(),
                name=f"behind-gateway-{settings.sap}",
                clients=_CLIENTS,
                logical_device_name=settings.logical_device_name,
                serial_number=settings.serial_number,
                history_days=0,
            )
        )
        self._lines: dict[tuple[int, int], ServerLink] = {}

    @property
    def reachable(self) -> bool:
        """Whether it acknowledges what it is sent."""
        return self.condition not in ("silent", "power_lost")

    def ask(self, key: SessionKey, apdu: bytes, line_now: float) -> list[Heard]:
        """Send a request of one head end's session and give what comes; ``reachable`` first tells whether any can."""
        line = self._lines.get((key.link_id, key.client))
        if line is None or line.closed:
            line = self._lines[(key.link_id, key.client)] = self.meter.open("wrapper", line_now)
        line.receive(wrapper.encode(WrapperMessage(source=key.client, destination=1, apdu=apdu)), line_now)
        sent = [event.data for event in line.take_events() if isinstance(event, Send)]
        return [self._heard(self._on_the_line(data[wrapper.HEADER_OCTETS :])) for data in sent]

    def is_associated(self, key: SessionKey) -> bool:
        """Whether the client of a session is let in."""
        line = self._lines.get((key.link_id, key.client))
        if line is None:
            return False
        own = SessionKey(link_id=line.link_id, client=key.client, server=1)
        return self.meter.server.associations.find(own) is not None

    def hang_up(self, link_id: int, line_now: float) -> None:
        """End the lines of a head end that is gone."""
        for link, client in [place for place in self._lines if place[0] == link_id]:
            self._lines.pop((link, client)).closed_by_peer(line_now)

    def _on_the_line(self, apdu: bytes) -> bytes:
        """The frame of an answer: envelope and check sum, as the device sends it."""
        settings = self.settings
        address = _FOREIGN_ADDRESS if self.condition == "foreign" else settings.address
        octets = prefix.encode(Envelope(header=prefix.RESPONSE, network=settings.network, address=address, apdu=apdu))
        frame = octets + zlib.crc32(octets).to_bytes(_CHECK_OCTETS, "big")
        return frame[:-1] + bytes([frame[-1] ^ 0x01]) if self.condition == "damaged" else frame

    def _heard(self, frame: bytes) -> Heard:
        octets, check = frame[:-_CHECK_OCTETS], frame[-_CHECK_OCTETS:]
        in_time = self.condition != "late"
        if zlib.crc32(octets).to_bytes(_CHECK_OCTETS, "big") != check:
            return Heard(envelope=None, in_time=in_time)
        try:
            return Heard(envelope=prefix.decode(octets), in_time=in_time)
        except Malformed:
            return Heard(envelope=None, in_time=in_time)
