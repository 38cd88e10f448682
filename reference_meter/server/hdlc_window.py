"""Both directions of numbered I frames: what is sent until acknowledged, what is put together from segments."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["LLC_COMMAND", "LLC_RESPONSE", "NumberedFrame", "SegmentAssembly", "SendWindow"]

LLC_COMMAND = bytes.fromhex("e6e600")
LLC_RESPONSE = bytes.fromhex("e6e700")

_MODULUS = 8
# APDUs that wait for a client which does not fetch them; older ones make way.
_OUTBOX_APDUS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedFrame:
    """One I frame as it is sent, and sent again until acknowledged."""

    number: int
    information: bytes
    segmented: bool


class SendWindow:
    """I frames to the client: segments APDUs, keeps frames until their acknowledgement."""

    def __init__(self, max_info_octets: int, window: int) -> None:
        self.max_info_octets = max_info_octets
        self.window = window
        self.next_number = 0
        """V(S): number of the next new frame."""
        self.unacknowledged: deque[NumberedFrame] = deque()
        self.outbox: deque[bytes] = deque(maxlen=_OUTBOX_APDUS)
        self.segments: Iterator[tuple[bytes, bool]] = iter(())

    def queue(self, apdus: Iterable[bytes]) -> None:
        """Have APDUs sent when the client polls."""
        self.outbox.extend(apdus)

    def acknowledge(self, number: int) -> bool:
        """Take N(R) of the client; false when it acknowledges what was never sent."""
        first = self.unacknowledged[0].number if self.unacknowledged else self.next_number
        acknowledged = (number - first) % _MODULUS
        if acknowledged > len(self.unacknowledged):
            return False
        for _ in range(acknowledged):
            self.unacknowledged.popleft()
        return True

    def frames(self) -> list[NumberedFrame]:
        """Give the frames for this poll: unacknowledged ones again, then new ones up to the window."""
        while len(self.unacknowledged) < self.window:
            segment = self.next_segment()
            if segment is None:
                break
            information, segmented = segment
            frame = NumberedFrame(number=self.next_number, information=information, segmented=segmented)
            self.unacknowledged.append(frame)
            self.next_number = (self.next_number + 1) % _MODULUS
        return list(self.unacknowledged)

    def next_segment(self) -> tuple[bytes, bool] | None:
        """Give the next segment and whether more of its APDU follow."""
        segment = next(self.segments, None)
        if segment is None and self.outbox:
            self.segments = self.split(LLC_RESPONSE + self.outbox.popleft())
            segment = next(self.segments, None)
        return segment

    def split(self, octets: bytes) -> Iterator[tuple[bytes, bool]]:
        """Cut an APDU with its LLC header into information fields."""
        size = self.max_info_octets
        for start in range(0, len(octets), size):
            yield octets[start : start + size], start + size < len(octets)


class SegmentAssembly:
    """Puts the segments of one APDU together; one that grows too long is cut, and stays too long."""

    def __init__(self) -> None:
        self.octets = bytearray()

    def take(self, information: bytes, *, segmented: bool, limit_octets: int) -> bytes | None:
        """Take a segment and give the APDU when it is complete; without a good LLC header it is dropped.

        ``limit_octets`` is the longest APDU allowed; of a longer one a single octet more is kept.
        """
        most = len(LLC_COMMAND) + limit_octets + 1
        self.octets += information[: most - len(self.octets)]
        if segmented:
            return None
        octets = bytes(self.octets)
        self.octets.clear()
        return octets[len(LLC_COMMAND) :] if octets.startswith(LLC_COMMAND) else None
