"""Octets that are made while they are fetched, so that a long result never stands in memory as a whole."""

from collections.abc import Iterable, Iterator

from reference_meter.codec import axdr
from reference_meter.codec.axdr import Pair
from reference_meter.codec.octets import encode_length
from reference_meter.server.model_port import RowStream

__all__ = ["OctetSource", "encode_lazily", "largest_content"]


def largest_content(room_octets: int) -> int:
    """Give how much content fits into ``room_octets`` together with its length field."""
    for length_octets, largest in ((1, 0x7F), (2, 0xFF), (3, 0xFFFF)):
        if room_octets - length_octets <= largest:
            return max(room_octets - length_octets, 0)
    return 0xFFFF


def encode_lazily(pair: Pair) -> Iterator[bytes]:
    """Encode a pair; an array given as ``RowStream`` yields its octets row by row."""
    tag, value = pair
    if not isinstance(value, RowStream):
        yield axdr.encode(pair)
        return
    yield bytes([tag]) + encode_length(value.count)
    encoded = 0
    for row in value.rows:
        encoded += 1
        yield axdr.encode(row)
    if encoded != value.count:
        raise ValueError(f"{encoded} rows came where {value.count} were announced")


class OctetSource:
    """A buffer in front of an iterator of octets; it reads ahead only as far as it is asked."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = iter(chunks)
        self.buffer = bytearray()

    def take(self, count: int) -> bytes:
        """Take up to ``count`` octets, fewer only at the end."""
        self._read_ahead(count)
        octets = bytes(self.buffer[:count])
        del self.buffer[:count]
        return octets

    def put_back(self, octets: bytes) -> None:
        """Put octets in front of what comes next."""
        self.buffer[:0] = octets

    def take_all(self) -> bytes:
        """Take everything, however much it is."""
        octets = bytes(self.buffer) + b"".join(self.chunks)
        self.buffer.clear()
        return octets

    def take_all_within(self, limit: int) -> bytes | None:
        """Take everything if it has at most ``limit`` octets, else take nothing."""
        self._read_ahead(limit + 1)
        return self.take(limit) if len(self.buffer) <= limit else None

    def at_end(self) -> bool:
        """Tell whether everything has been taken."""
        self._read_ahead(1)
        return not self.buffer

    def _read_ahead(self, count: int) -> None:
        while len(self.buffer) < count:
            chunk = next(self.chunks, None)
            if chunk is None:
                return
            self.buffer += chunk
