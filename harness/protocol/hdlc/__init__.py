"""HDLC as DLMS/COSEM uses it: frames, a reader that finds them, and the client side of a link."""

from harness.protocol.hdlc.address import ServerAddress, client_address_octets
from harness.protocol.hdlc.checksum import check_sequence
from harness.protocol.hdlc.client import HdlcClient
from harness.protocol.hdlc.control import Control, FrameKind
from harness.protocol.hdlc.events import (
    Acknowledged,
    Connected,
    Discarded,
    Disconnected,
    Event,
    FrameSeen,
    Outgoing,
    PeerBusy,
    Received,
    Rejected,
    Unexpected,
)
from harness.protocol.hdlc.frame import FLAG, LONGEST_FRAME_OCTETS, Frame
from harness.protocol.hdlc.parameters import Parameters
from harness.protocol.hdlc.reader import FrameDiscarded, FrameReader, FrameReceived
from harness.protocol.hdlc.state import TRANSITIONS, LinkInput, LinkState

__all__ = [
    "FLAG",
    "LONGEST_FRAME_OCTETS",
    "TRANSITIONS",
    "Acknowledged",
    "Connected",
    "Control",
    "Discarded",
    "Disconnected",
    "Event",
    "Frame",
    "FrameDiscarded",
    "FrameKind",
    "FrameReader",
    "FrameReceived",
    "FrameSeen",
    "HdlcClient",
    "LinkInput",
    "LinkState",
    "Outgoing",
    "Parameters",
    "PeerBusy",
    "Received",
    "Rejected",
    "ServerAddress",
    "Unexpected",
    "check_sequence",
    "client_address_octets",
]
