"""HDLC addresses: seven bits an octet, the lowest bit set in the last octet only."""

from dataclasses import dataclass

from harness.errors import DecodeError

__all__ = ["LEGAL_ADDRESS_OCTETS", "ServerAddress", "client_address_octets"]

LEGAL_ADDRESS_OCTETS = (1, 2, 4)

_SEVEN_BITS = 0x7F
_FOURTEEN_BITS = 0x3FFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """The address of a server: logical device (upper) and physical device (lower)."""

    upper: int
    """Logical device, 7 bits in one and two octets, 14 bits in four."""
    lower: int | None
    """Physical device; None in the one-octet form, which has no room for it."""
    octets: int
    """Octets on the wire: 1, 2 or 4."""

    def __post_init__(self) -> None:
        if self.octets not in LEGAL_ADDRESS_OCTETS:
            raise ValueError(f"a server address has 1, 2 or 4 octets, not {self.octets}")
        if (self.lower is None) != (self.octets == 1):
            raise ValueError("a lower address belongs to the two and four octet forms, and only to them")
        largest = _FOURTEEN_BITS if self.octets == 4 else _SEVEN_BITS
        for name, value in (("upper", self.upper), ("lower", self.lower or 0)):
            if not 0 <= value <= largest:
                raise ValueError(f"{name} address {value} does not fit: 0 to {largest} in {self.octets} octets")

    def to_bytes(self) -> bytes:
        """Return the address as it stands in a frame; octets that are zero stay."""
        septets = [self.upper & _SEVEN_BITS]
        if self.lower is not None:
            septets.append(self.lower & _SEVEN_BITS)
        if self.octets == 4:
            septets = [self.upper >> 7, septets[0], (self.lower or 0) >> 7, septets[1]]
        return _closed(septets)

    @classmethod
    def from_bytes(cls, octets: bytes) -> "ServerAddress":
        """Decode exactly one address; DecodeError for a length or an end bit that is wrong."""
        if len(octets) not in LEGAL_ADDRESS_OCTETS:
            raise DecodeError(f"a server address of {len(octets)} octets")
        if any((octet & 1) != (at == len(octets) - 1) for at, octet in enumerate(octets)):
            raise DecodeError(f"server address {octets.hex(' ')}: the last octet, and no other, is odd")
        septets = [octet >> 1 for octet in octets]
        if len(septets) == 1:
            return cls(upper=septets[0], lower=None, octets=1)
        if len(septets) == 2:
            return cls(upper=septets[0], lower=septets[1], octets=2)
        return cls(upper=septets[0] << 7 | septets[1], lower=septets[2] << 7 | septets[3], octets=4)


def client_address_octets(client: int) -> bytes:
    """Return the one octet of a client address; ValueError outside 0 to 127."""
    if not 0 <= client <= _SEVEN_BITS:
        raise ValueError(f"client address {client} does not fit: 0 to {_SEVEN_BITS}")
    return _closed([client])


def _closed(septets: list[int]) -> bytes:
    shifted = [septet << 1 for septet in septets]
    shifted[-1] |= 1
    return bytes(shifted)
