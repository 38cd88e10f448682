"""The prefix of an APDU on its way through a gateway: header, network id, length of the address, address.

A request begins with E6 and an answer with E7; behind the prefix stands the whole APDU, protected or not.
"""

from dataclasses import dataclass

from harness.errors import DecodeError

__all__ = ["REQUEST", "RESPONSE", "GatewayPrefix"]

REQUEST, RESPONSE = 0xE6, 0xE7
_FIXED_OCTETS = 3
_LARGEST = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayPrefix:
    """Where behind the gateway an APDU goes to, or comes from."""

    header: int
    """``REQUEST`` or ``RESPONSE``."""
    network: int
    """0 to 255."""
    address: bytes
    """Physical address of the device, up to 255 octets."""

    def to_bytes(self) -> bytes:
        """Return the octets in front of the APDU; ``ValueError`` for what has no room there."""
        if self.header not in (REQUEST, RESPONSE):
            raise ValueError(f"header {self.header:#x}: {REQUEST:#x} or {RESPONSE:#x} is allowed")
        if not 0 <= self.network <= _LARGEST or len(self.address) > _LARGEST:
            raise ValueError(f"network {self.network}, address of {len(self.address)} octets: at most {_LARGEST} each")
        return bytes([self.header, self.network, len(self.address)]) + self.address

    @classmethod
    def take_off(cls, octets: bytes) -> tuple["GatewayPrefix", bytes]:
        """Return the prefix and the APDU behind it; ``DecodeError`` for another header and what is cut short."""
        if len(octets) < _FIXED_OCTETS:
            raise DecodeError("the gateway prefix is cut short", len(octets))
        header, network, length = octets[:_FIXED_OCTETS]
        if header not in (REQUEST, RESPONSE):
            raise DecodeError(f"{header:02X} is no header of a gateway prefix", 0)
        end = _FIXED_OCTETS + length
        if len(octets) <= end:
            raise DecodeError(f"a gateway prefix of {end} octets with {len(octets)} octets in all holds no APDU", end)
        return cls(header=header, network=network, address=octets[_FIXED_OCTETS:end]), octets[end:]
