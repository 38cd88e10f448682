"""Reads the fields of an APDU one after the other, strictly."""

from harness.errors import DecodeError
from harness.protocol.axdr import pull_length, push_length, skip

__all__ = ["Reader", "push_boolean", "push_counted", "push_octets", "push_optional_data"]


class Reader:
    """A place in the octets of one APDU; every method takes one field and moves on."""

    __slots__ = ("octets", "offset")

    def __init__(self, octets: bytes, offset: int = 0) -> None:
        self.octets = octets
        self.offset = offset

    @classmethod
    def behind_tag(cls, octets: bytes, tag: int) -> "Reader":
        """Return a reader of the APDU that must begin with ``tag``."""
        reader = cls(octets)
        found = reader.unsigned(1)
        if found != tag:
            raise DecodeError(f"tag {found:02X} where {tag:02X} is due", 0)
        return reader

    def take(self, count: int) -> bytes:
        """Take ``count`` octets."""
        start = self.offset
        end = start + count
        if end > len(self.octets):
            raise DecodeError(f"{count} octets due, {len(self.octets) - start} left", start)
        self.offset = end
        return self.octets[start:end]

    def unsigned(self, octet_count: int) -> int:
        """Take an unsigned number, most significant octet first."""
        return int.from_bytes(self.take(octet_count), "big")

    def signed8(self) -> int:
        """Take a signed octet."""
        return int.from_bytes(self.take(1), "big", signed=True)

    def boolean(self) -> bool:
        """Take a boolean; every octet but 00 is true."""
        return self.take(1) != b"\x00"

    def choice(self) -> int:
        """Take a presence flag or a choice between two: 00 or 01 and nothing else."""
        offset = self.offset
        octet = self.unsigned(1)
        if octet > 1:
            raise DecodeError(f"{octet:02X} where 00 or 01 is due", offset)
        return octet

    def octet_string(self) -> bytes:
        """Take an octet string with its length before it."""
        length, self.offset = pull_length(self.octets, self.offset)
        return self.take(length)

    def count(self) -> int:
        """Take a number of elements; each takes an octet at least, so more than are left is refused."""
        start = self.offset
        count, self.offset = pull_length(self.octets, start)
        if count > len(self.octets) - self.offset:
            raise DecodeError(f"{count} elements in {len(self.octets) - self.offset} octets", start)
        return count

    def data(self) -> bytes:
        """Take one A-XDR value without building it."""
        start = self.offset
        self.offset = skip(self.octets, start)
        return self.octets[start : self.offset]

    def maybe_data(self) -> bytes | None:
        """Take an optional A-XDR value with its presence flag."""
        return self.data() if self.choice() else None

    def end(self) -> None:
        """Raise unless every octet has been taken."""
        if self.offset != len(self.octets):
            raise DecodeError(f"{len(self.octets) - self.offset} octets behind the APDU", self.offset)


def push_octets(octets: bytes) -> bytes:
    """Return an octet string with its length before it."""
    return push_length(len(octets)) + octets


def push_boolean(value: bool) -> bytes:
    """Return a boolean as the choices of the standard write it: 00 or 01."""
    return b"\x01" if value else b"\x00"


def push_optional_data(data: bytes | None) -> bytes:
    """Return an optional A-XDR value with its presence flag."""
    return b"\x00" if data is None else b"\x01" + data


def push_counted(elements: list[bytes]) -> bytes:
    """Return elements behind their number."""
    return push_length(len(elements)) + b"".join(elements)
