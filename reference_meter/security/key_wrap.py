"""Keys in transfer: wrapped with the master key as in RFC 3394."""

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from reference_meter.security.ciphering import Undecipherable

__all__ = ["unwrap_key", "wrap_key"]


def wrap_key(master: bytes, key: bytes) -> bytes:
    """Give a key wrapped, 8 octets longer than it is."""
    return aes_key_wrap(master, key)


def unwrap_key(master: bytes, wrapped: bytes) -> bytes:
    """Give the key that was wrapped; ``Undecipherable`` where it was not wrapped with this master key."""
    try:
        return aes_key_unwrap(master, wrapped)
    except (InvalidUnwrap, ValueError):
        raise Undecipherable("the wrapped key does not open") from None
