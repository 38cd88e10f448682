"""The wrapper of DLMS/COSEM over TCP and UDP: version 1, source port, destination port, length, payload."""

import struct
from dataclasses import dataclass

from harness.errors import DecodeError

__all__ = ["HEADER_OCTETS", "WrapperFrame", "WrapperReader"]

_HEADER = struct.Struct(">HHHH")
_VERSION = 1
_LARGEST_NUMBER = 0xFFFF

HEADER_OCTETS = _HEADER.size


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapperFrame:
    """One wrapper header and its payload."""

    source: int
    """Wrapper port of the sender: client address or server SAP, 0 to 65535."""
    destination: int
    payload: bytes
    """1 to 65535 octets."""

    def to_bytes(self) -> bytes:
        """Return header and payload; ValueError where the header has no room for a value."""
        if not (0 <= self.source <= _LARGEST_NUMBER and 0 <= self.destination <= _LARGEST_NUMBER):
            raise ValueError(f"ports {self.source} and {self.destination}: 0 to {_LARGEST_NUMBER} is allowed")
        if not 1 <= len(self.payload) <= _LARGEST_NUMBER:
            raise ValueError(f"a payload of {len(self.payload)} octets: 1 to {_LARGEST_NUMBER} is allowed")
        return _HEADER.pack(_VERSION, self.source, self.destination, len(self.payload)) + self.payload

    @classmethod
    def from_datagram(cls, data: bytes) -> "WrapperFrame":
        """Decode exactly one frame; DecodeError for another version, missing and trailing octets."""
        if len(data) < HEADER_OCTETS:
            raise DecodeError(f"a datagram of {len(data)} octets has no wrapper header", len(data))
        source, destination, length = _pull_header(data, _LARGEST_NUMBER)
        present = len(data) - HEADER_OCTETS
        if present != length:
            raise DecodeError(f"the wrapper header states {length} octets, the datagram has {present}", 6)
        return cls(source=source, destination=destination, payload=data[HEADER_OCTETS:])


class WrapperReader:
    """Cuts a stream of octets into wrapper frames.

    A wrong header ends the use of the stream, since nothing tells where the next one begins:
    ``failed`` becomes true, and every call raises the same DecodeError. Frames that were whole before
    the wrong header are still returned; the call after that raises.
    """

    def __init__(self, max_payload_octets: int = _LARGEST_NUMBER) -> None:
        self._max_payload_octets = max_payload_octets
        self._buffer = bytearray()
        self._error: DecodeError | None = None

    @property
    def failed(self) -> bool:
        """Whether a wrong header has come; the stream is of no use any more."""
        return self._error is not None

    @property
    def pending_octets(self) -> int:
        """Octets of a frame that has begun and not ended, or of what begins with the wrong header."""
        return len(self._buffer)

    def receive_data(self, data: bytes) -> list[WrapperFrame]:
        """Take octets from the stream and return the frames that they complete.

        DecodeError for a version other than 1, a length of 0 or beyond the limit; its ``offset`` counts
        from the beginning of the wrong header.
        """
        if self._error is not None:
            raise self._error
        if not self._buffer and len(data) > HEADER_OCTETS and (frame := self._maybe_whole(data)) is not None:
            return [frame]
        self._buffer += data
        frames: list[WrapperFrame] = []
        try:
            while (frame := self._pull_frame()) is not None:
                frames.append(frame)
        except DecodeError as error:
            self._error = error
            if not frames:
                raise
        return frames

    def _maybe_whole(self, data: bytes) -> WrapperFrame | None:
        """Return the frame where ``data`` is exactly one, as it nearly always is; every doubt is left to the buffer."""
        version, source, destination, length = _HEADER.unpack_from(data)
        whole = version == _VERSION and length == len(data) - HEADER_OCTETS and length <= self._max_payload_octets
        return WrapperFrame(source=source, destination=destination, payload=data[HEADER_OCTETS:]) if whole else None

    def _pull_frame(self) -> WrapperFrame | None:
        _check_version(self._buffer)
        if len(self._buffer) < HEADER_OCTETS:
            return None
        source, destination, length = _pull_header(self._buffer, self._max_payload_octets)
        end = HEADER_OCTETS + length
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[HEADER_OCTETS:end])
        del self._buffer[:end]
        return WrapperFrame(source=source, destination=destination, payload=payload)


def _check_version(octets: bytes | bytearray) -> None:
    """Judge the version as soon as its two octets are there."""
    if len(octets) >= 2 and (version := octets[0] << 8 | octets[1]) != _VERSION:
        raise DecodeError(f"wrapper version {version}, due is {_VERSION}", 0)


def _pull_header(octets: bytes | bytearray, largest_payload: int) -> tuple[int, int, int]:
    """Return source, destination and length; both kinds of carrier judge the header alike."""
    _check_version(octets)
    _, source, destination, length = _HEADER.unpack_from(octets)
    if not 1 <= length <= largest_payload:
        raise DecodeError(f"wrapper length {length}: 1 to {largest_payload} is allowed", 6)
    return source, destination, length
