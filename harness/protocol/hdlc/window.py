"""The two sliding windows of an HDLC link: segments on their way out, segments coming in."""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from harness.errors import ProtocolViolation
from harness.protocol.hdlc.control import MODULUS

__all__ = ["Arrival", "ReceiveWindow", "Segment", "SendWindow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of a payload that travels in one I frame."""

    payload: bytes
    """The whole payload; the segment is ``payload[start:stop]``."""
    start: int
    stop: int

    @property
    def is_last(self) -> bool:
        """Whether the payload ends with this segment."""
        return self.stop == len(self.payload)


class SendWindow:
    """Segments waiting and segments on their way, with V(S) and the oldest unacknowledged number."""

    def __init__(self, *, size: int, segment_octets: int) -> None:
        self._size = size
        self._segment_octets = segment_octets
        # Beside each segment stands the N(R) of its first transmission, None before that.
        self._waiting: deque[tuple[Segment, int | None]] = deque()
        self._unacknowledged: deque[tuple[Segment, int]] = deque()
        self._oldest = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and everything sent is acknowledged."""
        return not self._waiting and not self._unacknowledged

    def push(self, payload: bytes) -> None:
        """Queue a payload, cut into segments."""
        for start in range(0, len(payload), self._segment_octets):
            stop = min(start + self._segment_octets, len(payload))
            self._waiting.append((Segment(payload=payload, start=start, stop=stop), None))

    def pull_burst(self, receive_number: int) -> list[tuple[int, Segment]]:
        """Return what the window lets go, each with its N(S); ``receive_number`` travels along as N(R)."""
        burst = []
        while self._waiting and len(self._unacknowledged) < self._size:
            number = (self._oldest + len(self._unacknowledged)) % MODULUS
            segment, first = self._waiting.popleft()
            self._unacknowledged.append((segment, receive_number if first is None else first))
            burst.append((number, segment))
        return burst

    def acknowledge(self, receive_number: int) -> list[int]:
        """Take N(R) from the peer; return, for each segment that it acknowledges, the N(R) it carried.

        ProtocolViolation for a number that acknowledges what was never sent or is acknowledged already.
        """
        count = (receive_number - self._oldest) % MODULUS
        if count > len(self._unacknowledged):
            last = (self._oldest + len(self._unacknowledged)) % MODULUS
            raise ProtocolViolation(f"N(R)={receive_number}, possible are {self._oldest} to {last}")
        self._oldest = receive_number
        return [self._unacknowledged.popleft()[1] for _ in range(count)]

    def take_back(self) -> None:
        """Let everything unacknowledged be sent once more, from the oldest on."""
        self._waiting.extendleft(reversed(self._unacknowledged))
        self._unacknowledged.clear()


class Arrival(Enum):
    """How an N(S) fits."""

    IN_SEQUENCE = "in sequence"
    REPEATED_OR_EARLY = "repeated or early"
    """Right for a peer that has not seen our acknowledgement, or whose frame before this one was lost."""
    IMPOSSIBLE = "impossible"


class ReceiveWindow:
    """V(R), what the peer certainly knows of it, and the payload put together so far."""

    def __init__(self, *, size: int, max_payload_octets: int) -> None:
        self._size = size
        self._max_payload_octets = max_payload_octets
        self._expected = 0
        self._known_to_peer = 0
        self._unacknowledged = 0
        self._partial = bytearray()
        self._dropping = False
        self._more_follow = False

    @property
    def expected(self) -> int:
        """V(R): the N(S) that is due."""
        return self._expected

    @property
    def is_full(self) -> bool:
        """Whether the peer may send nothing more before we acknowledge."""
        return self._unacknowledged >= self._size

    @property
    def more_follow(self) -> bool:
        """Whether a payload has begun and not ended."""
        return self._more_follow

    @property
    def is_dropping(self) -> bool:
        """Whether the rest of a payload that was too long is being dropped."""
        return self._dropping

    def acknowledged(self) -> int:
        """Note that an N(R) of ours leaves now, and return it."""
        self._unacknowledged = 0
        return self._expected

    def peer_knows(self, receive_number: int) -> None:
        """Note that the peer certainly has this N(R) of ours; an older one changes nothing."""
        ahead = (receive_number - self._known_to_peer) % MODULUS
        if ahead <= (self._expected - self._known_to_peer) % MODULUS:
            self._known_to_peer = receive_number

    def classify(self, send_number: int) -> Arrival:
        """Judge an N(S)."""
        if send_number == self._expected:
            return Arrival.IN_SEQUENCE
        known = self._known_to_peer
        repeated = (send_number - known) % MODULUS < (self._expected - known) % MODULUS
        early = (send_number - self._expected) % MODULUS < self._size
        return Arrival.REPEATED_OR_EARLY if repeated or early else Arrival.IMPOSSIBLE

    def push(self, information: bytes, *, more_follow: bool) -> bytes | None:
        """Take the segment that was due; return the payload when it is whole.

        OverflowError, once, when the payload outgrows the limit; the rest of it is then dropped.
        """
        self._expected = (self._expected + 1) % MODULUS
        self._unacknowledged += 1
        # The peer could send this one only after it had seen all but its window acknowledged.
        self.peer_knows((self._expected - self._size) % MODULUS)
        self._more_follow = more_follow
        if self._dropping:
            self._dropping = more_follow
            return None
        self._partial += information
        if len(self._partial) > self._max_payload_octets:
            self._partial.clear()
            self._dropping = more_follow
            raise OverflowError(f"a payload of more than {self._max_payload_octets} octets")
        if more_follow:
            return None
        payload = bytes(self._partial)
        self._partial.clear()
        return payload
