"""Folds of the invariants about data flows: what notifications tell, and that no key leaves the device."""

from harness.checks.judged import Breach
from harness.checks.privacy import no_consumption
from harness.errors import DecodeError
from harness.protocol import apdu as xdlms
from harness.protocol.cosem import obis_text

__all__ = ["EventContents", "NoSecrets"]

_EVENT_NOTIFICATION = b"\xc2"
_SHORTEST_KEY_OCTETS = 16

Link = tuple[str, int]


class EventContents:
    """No event notification tells a consumption; all that the device sends is looked at."""

    def __init__(self) -> None:
        self.seen = 0

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Judge what is received."""
        if kind != "apdu_rx":
            return None
        self.seen += 1
        if octets[:1] != _EVENT_NOTIFICATION:
            return None
        try:
            told = xdlms.EventNotification.from_bytes(octets).attribute
        except DecodeError:
            return None  # what does not decode is judged where it was received
        return no_consumption("an event notification", [(told.class_id, obis_text(told.obis), told.attribute)])


class NoSecrets:
    """No key stands in what the device sends; takes what was masked of each record, and nothing else of it."""

    def __init__(self) -> None:
        self.seen = 0

    def take(self, link: Link, kind: str, octets: bytes) -> Breach | None:
        """Judge what is received; a password may be a word that stands there by chance."""
        if kind != "apdu_rx":
            return None
        self.seen += 1
        if len(octets) < _SHORTEST_KEY_OCTETS:
            return None
        return Breach(expected="no key in what the device sends", observed=f"{len(octets)} octets of a known key")
