"""The envelope of an APDU on its way through a gateway: header, network, address of the device, APDU."""

from dataclasses import dataclass

from reference_meter.codec.octets import Malformed

__all__ = ["FIXED_OCTETS", "REQUEST", "RESPONSE", "Envelope", "decode", "encode"]

REQUEST, RESPONSE = 0xE6, 0xE7
FIXED_OCTETS = 3
"""Header, network and length of the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An APDU for, or from, the device of an address in a network."""

    header: int
    network: int
    address: bytes
    apdu: bytes


def encode(envelope: Envelope) -> bytes:
    """Put the envelope around its APDU."""
    if len(envelope.address) > 0xFF:
        raise ValueError("an address has at most 255 octets")
    return bytes([envelope.header, envelope.network, len(envelope.address)]) + envelope.address + envelope.apdu


def decode(octets: bytes) -> Envelope:
    """Take an envelope apart; ``Malformed`` for one that is cut short or begins with another header."""
    if len(octets) < FIXED_OCTETS:
        raise Malformed("gateway envelope cut short", len(octets))
    header, network, length = octets[:FIXED_OCTETS]
    if header not in (REQUEST, RESPONSE):
        raise Malformed(f"gateway header {header:02X}", 0)
    end = FIXED_OCTETS + length
    if len(octets) <= end:
        raise Malformed("gateway envelope cut short", len(octets))
    return Envelope(header=header, network=network, address=octets[FIXED_OCTETS:end], apdu=octets[end:])
