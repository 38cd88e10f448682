"""How an envelope of a push is opened: with the keys, or in a replay as it was opened then."""

from collections.abc import Callable, Iterable

from harness.evidence.trace import Trace
from harness.headend.restoring.key_record import KeyRecord
from harness.protocol.push import Deciphered
from harness.session.recall import recalled

__all__ = ["deciphered_in"]


def deciphered_in(trace: Trace, secrets: Callable[[], Iterable[bytes]]) -> Deciphered:
    """Return what keeps in the trace what deciphering gives, so that a replay needs no keys."""
    record = KeyRecord(trace, lambda: tuple(secrets()))
    return lambda decipher: recalled(record, "push opened", decipher)
