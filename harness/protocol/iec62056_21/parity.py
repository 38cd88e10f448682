"""Seven bits and even parity, made in software on a line of eight bits without parity."""

__all__ = ["from_even_parity", "to_even_parity"]

_SEVEN_BITS = 0x7F
_WITH_PARITY = bytes(octet | ((octet.bit_count() & 1) << 7) for octet in range(128))
_BACK = bytes((octet & _SEVEN_BITS) | (0x80 if octet.bit_count() & 1 else 0) for octet in range(256))


def to_even_parity(octets: bytes) -> bytes:
    """Return characters as they look on the line; ``ValueError`` for one of more than seven bits."""
    if any(octet > _SEVEN_BITS for octet in octets):
        raise ValueError("seven bits hold no octet above 7F")
    return bytes(_WITH_PARITY[octet] for octet in octets)


def from_even_parity(octets: bytes) -> bytes:
    """Return the characters of a line; bit 7 is set in those whose parity is wrong, so that no message takes them."""
    return octets.translate(_BACK)
