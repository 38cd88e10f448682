"""Strict reading of octets, one cursor for all decoders of this package."""

__all__ = ["Malformed", "OctetReader", "encode_length"]

_LONGEST_LENGTH_FIELD = 4


class Malformed(Exception):
    """Octets that do not decode; ``offset`` counts from the start of the given octets."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(f"{reason} at octet {offset}")
        self.offset = offset


class OctetReader:
    """A cursor over octets that refuses to read past their end."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.offset = 0

    @property
    def remaining(self) -> int:
        """Number of octets not read yet."""
        return len(self.octets) - self.offset

    def take(self, count: int) -> bytes:
        """Read exactly ``count`` octets."""
        if count > self.remaining:
            raise self.malformed(f"{count} octets expected, {self.remaining} left")
        start = self.offset
        self.offset += count
        return self.octets[start : self.offset]

    def unsigned(self, count: int) -> int:
        """Read an unsigned number of ``count`` octets, high octet first."""
        return int.from_bytes(self.take(count), "big")

    def signed(self, count: int) -> int:
        """Read a two's complement number of ``count`` octets, high octet first."""
        return int.from_bytes(self.take(count), "big", signed=True)

    def expect(self, octets: bytes, what: str) -> None:
        """Read the given octets and nothing else."""
        if self.take(len(octets)) != octets:
            raise self.malformed(f"{what} expected")

    def length(self) -> int:
        """Read a definite length, short form or up to four octets in long form."""
        first = self.unsigned(1)
        if first < 0x80:
            return first
        size = first & 0x7F
        if not 1 <= size <= _LONGEST_LENGTH_FIELD:
            raise self.malformed(f"length of {size} octets")
        return self.unsigned(size)

    def flag(self, what: str) -> bool:
        """Read the presence octet of an optional or default field: 00 absent, 01 present."""
        value = self.unsigned(1)
        if value > 1:
            raise self.malformed(f"presence of {what} is {value:#04x}")
        return value == 1

    def finish(self) -> None:
        """Refuse octets that are left over."""
        if self.remaining:
            raise self.malformed(f"{self.remaining} octets left over")

    def malformed(self, reason: str) -> Malformed:
        """Make the exception for the present position."""
        return Malformed(reason, self.offset)


def encode_length(value: int) -> bytes:
    """Encode a definite length in its shortest form."""
    if value < 0:
        raise ValueError(f"negative length {value}")
    if value < 0x80:
        return bytes([value])
    octets = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if len(octets) > _LONGEST_LENGTH_FIELD:
        raise ValueError(f"length {value} needs more than {_LONGEST_LENGTH_FIELD} octets")
    return bytes([0x80 | len(octets)]) + octets
