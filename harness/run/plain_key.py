"""Keys that are so plain that finding their octets somewhere means nothing."""

from harness.declaration import Declaration
from harness.evidence.trace import Trace

__all__ = ["has_plain_key"]

_KEY_OCTETS = 16
_FEWEST_DIFFERENT_OCTETS = 5


def has_plain_key(declaration: Declaration, trace: Trace) -> bool:
    """Whether a declared key may stand anywhere by chance; recorded, since a replay has no keys."""
    secrets = [secret for _, secret in declaration.secrets()]
    return trace.recall("a key is plain", lambda: any(_is_plain(one.reveal()) for one in secrets))


def _is_plain(secret: bytes) -> bool:
    """Whether a key could be taken for filling octets."""
    return len(secret) >= _KEY_OCTETS and len(set(secret)) < _FEWEST_DIFFERENT_OCTETS
