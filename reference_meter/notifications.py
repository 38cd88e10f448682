"""A server that speaks without being asked, as a client that negotiated notifications must expect."""

from reference_meter.codec import axdr
from reference_meter.codec import conformance as bits
from reference_meter.model.model import MeterModel
from reference_meter.server.association import SessionKey
from reference_meter.server.server import DATA_NOTIFICATION, EVENT_NOTIFICATION, Server
from reference_meter.server.settings import LinkSettings

__all__ = ["NotifyingServer", "data_notification", "event_notification"]

_CLASS_CLOCK = 8


def data_notification(model: MeterModel, number: int) -> bytes:
    """The time and the logical device name; ``number`` is the long invoke-id, 24 bits."""
    stamp = model.metering.clock.shown_octets()
    body = axdr.encode((2, [(9, stamp), (9, model.configuration.logical_device_name)]))
    return bytes([DATA_NOTIFICATION]) + number.to_bytes(4, "big") + bytes([len(stamp)]) + stamp + body


def event_notification(model: MeterModel) -> bytes:
    """The time as attribute 2 of the clock, without a time of its own."""
    clock = model.configuration.instances.clock
    head = bytes([EVENT_NOTIFICATION, 0]) + _CLASS_CLOCK.to_bytes(2, "big") + clock + b"\x02"
    return head + axdr.encode((9, model.metering.clock.shown_octets()))


class NotifyingServer(Server):
    """Slips one notification of each negotiated kind between the first request of an association and its answer."""

    def __init__(self, model: MeterModel, settings: LinkSettings) -> None:
        super().__init__(model, settings)
        self._meter_model = model
        self._to_tell: set[SessionKey] = set()
        self._number = 0

    def exchange(self, key: SessionKey, apdu: bytes) -> list[bytes]:
        """Take one APDU; an association that it opens will be told with its next one."""
        known = self.associations.find(key)
        answers = super().exchange(key, apdu)
        if self.associations.find(key) not in (None, known):
            self._to_tell.add(key)
        return answers

    def unsolicited(self, key: SessionKey) -> list[bytes]:
        """Give the notifications that the association has not had yet."""
        association = self.associations.find(key)
        if association is None or key not in self._to_tell or association.authentication is not None:
            return []
        self._to_tell.discard(key)
        told = []
        if association.has(bits.DATA_NOTIFICATION):
            self._number = (self._number + 1) & 0xFFFFFF
            told.append(data_notification(self._meter_model, self._number))
        if association.has(bits.EVENT_NOTIFICATION):
            told.append(event_notification(self._meter_model))
        return [association.protection.protect(apdu) for apdu in told]
