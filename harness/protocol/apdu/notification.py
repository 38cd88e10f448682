"""What the server sends by itself."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.apdu.descriptor import AttributeDescriptor
from harness.protocol.apdu.message import size_text
from harness.protocol.apdu.reader import Reader, push_octets
from harness.protocol.apdu.tags import DATA_NOTIFICATION_TAG, EVENT_NOTIFICATION_TAG

__all__ = ["DataNotification", "EventNotification"]

_DATE_TIME_OCTETS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DataNotification:
    """A push: one value of any shape."""

    long_invoke: int
    """Long invoke-id and priority, four octets."""
    date_time: bytes | None = None
    """Twelve octets; None where the notification has no time."""
    body: bytes
    """A-XDR octets of exactly one value."""

    @classmethod
    def from_bytes(cls, octets: bytes) -> "DataNotification":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, DATA_NOTIFICATION_TAG)
        long_invoke = reader.unsigned(4)
        date_time = _checked_time(reader.octet_string(), reader.offset) or None
        notification = cls(long_invoke=long_invoke, date_time=date_time, body=reader.data())
        reader.end()
        return notification

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((DATA_NOTIFICATION_TAG,)) + self.long_invoke.to_bytes(4, "big")
        return head + push_octets(self.date_time or b"") + self.body

    def describe(self) -> str:
        """Return one line for people."""
        return f"data-notification id {self.long_invoke & 0xFFFFFF}: {size_text(self.body)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNotification:
    """One attribute that has something to tell."""

    time: bytes | None = None
    """Twelve octets; None where the notification has no time."""
    attribute: AttributeDescriptor
    value: bytes
    """A-XDR octets of exactly one value."""

    @classmethod
    def from_bytes(cls, octets: bytes) -> "EventNotification":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, EVENT_NOTIFICATION_TAG)
        time = _checked_time(reader.octet_string(), reader.offset) if reader.choice() else None
        if time == b"":
            raise DecodeError("an event-notification whose time is there and empty", reader.offset)
        attribute, reader.offset = AttributeDescriptor.pull(octets, reader.offset)
        notification = cls(time=time, attribute=attribute, value=reader.data())
        reader.end()
        return notification

    def to_bytes(self) -> bytes:
        """Encode it."""
        time = b"\x00" if self.time is None else b"\x01" + push_octets(self.time)
        return bytes((EVENT_NOTIFICATION_TAG,)) + time + self.attribute.octets + self.value

    def describe(self) -> str:
        """Return one line for people."""
        return f"event-notification: {self.attribute}, {size_text(self.value)}"


def _checked_time(octets: bytes, offset: int) -> bytes:
    if len(octets) not in (0, _DATE_TIME_OCTETS):
        raise DecodeError(f"a time of {len(octets)} octets", offset)
    return octets
