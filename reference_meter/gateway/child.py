"""A meter behind the gateway, its own line to it, and how it behaves there."""

from dataclasses import replace

from reference_meter.codec import wrapper
from reference_meter.codec.wrapper import WrapperMessage
from reference_meter.gateway import prefix
from reference_meter.gateway.line import DeviceLine, Heard
from reference_meter.gateway.prefix import Envelope
from reference_meter.gateway.settings import ChildSettings, Condition
from reference_meter.meter import Meter
from reference_meter.model.configuration import Client, MeterConfiguration
from reference_meter.server.association import SessionKey
from reference_meter.server.link import Send, ServerLink

__all__ = ["Child"]

_FOREIGN_ADDRESS = b"\xee"
_CLIENTS = (
    Client(sap=16, role="public"),
    Client(sap=2, role="reading", mechanism=1, secret=b"reads-it"),
    Client(sap=1, role="management", mechanism=1, secret=b"manages-"),
)


class Child:
    """One meter; ``condition`` is how it behaves towards the gateway."""

    def __init__(self, settings: ChildSettings) -> None:
        self.settings = settings
        self.condition: Condition = "good"
        self.installed = True
        """It is one of the gateway's devices; others are not asked."""
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
        self.line = DeviceLine(settings.logical_device_name)
        self._answered: dict[bytes, bytes] = {}
        """The frame with the last good answer to each request, which anybody on the line could keep."""
        self._links: dict[tuple[int, int], ServerLink] = {}

    @property
    def reachable(self) -> bool:
        """Whether it acknowledges what it is sent."""
        return self.condition not in ("silent", "power_lost")

    def ask(self, key: SessionKey, apdu: bytes, line_now: float) -> list[Heard]:
        """Send a request of one head end's session and give what comes; ``reachable`` first tells whether any can."""
        link = self._links.get((key.link_id, key.client))
        if link is None or link.closed:
            link = self._links[(key.link_id, key.client)] = self.meter.open("wrapper", line_now)
        link.receive(wrapper.encode(WrapperMessage(source=key.client, destination=1, apdu=apdu)), line_now)
        sent = [event.data for event in link.take_events() if isinstance(event, Send)]
        return [self.heard(self._on_the_line(data[wrapper.HEADER_OCTETS :], apdu)) for data in sent]

    def is_associated(self, key: SessionKey) -> bool:
        """Whether the client of a session is let in."""
        link = self._links.get((key.link_id, key.client))
        if link is None:
            return False
        own = SessionKey(link_id=link.link_id, client=key.client, server=1)
        return self.meter.server.associations.find(own) is not None

    def hang_up(self, link_id: int, line_now: float) -> None:
        """End the lines of a head end that is gone."""
        for place in [place for place in self._links if place[0] == link_id]:
            self._links.pop(place).closed_by_peer(line_now)

    def _on_the_line(self, apdu: bytes, asked: bytes) -> bytes:
        """The frame of an answer to a request, as the device sends it."""
        settings, condition = self.settings, self.condition
        if condition == "replaying":
            return self._answered.get(asked) or self.line.used_up()
        address = _FOREIGN_ADDRESS if condition == "foreign" else settings.address
        envelope = Envelope(header=prefix.RESPONSE, network=settings.network, address=address, apdu=apdu)
        frame = self.line.send(envelope, own_key=condition != "undecipherable")
        if condition == "good":
            self._answered[asked] = frame
        return frame[:-1] + bytes([frame[-1] ^ 0x01]) if condition == "damaged" else frame

    def heard(self, frame: bytes) -> Heard:
        """What the gateway makes of a frame."""
        return self.line.take(frame, in_time=self.condition != "late")
