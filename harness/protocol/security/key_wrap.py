"""Keys under the master key: AES key wrap."""

from enum import IntEnum

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from harness.errors import DecodeError
from harness.protocol.security.fault import BadTag

__all__ = ["KeyId", "unwrap_key", "wrap_key"]

_BLOCK_OCTETS = 8
_FEWEST_WRAPPED_OCTETS = 24


class KeyId(IntEnum):
    """Which key a key transfer carries."""

    GLOBAL_UNICAST = 0
    GLOBAL_BROADCAST = 1
    AUTHENTICATION = 2
    MASTER = 3


def wrap_key(key: bytes, *, master_key: bytes) -> bytes:
    """Return ``key`` wrapped, 8 octets longer."""
    return aes_key_wrap(master_key, key)


def unwrap_key(wrapped: bytes, *, master_key: bytes) -> bytes:
    """Return the key in ``wrapped``; raises ``BadTag`` where the master key is another, ``DecodeError`` for no wrap."""
    if len(wrapped) < _FEWEST_WRAPPED_OCTETS or len(wrapped) % _BLOCK_OCTETS:
        raise DecodeError(f"{len(wrapped)} octets are no wrapped key")
    try:
        return aes_key_unwrap(master_key, wrapped)
    except InvalidUnwrap:
        raise BadTag("the wrapped key does not fit the master key") from None
