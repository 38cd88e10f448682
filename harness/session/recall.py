"""What keys have done is recorded with the run, so that a replay needs no keys: results and refusals alike."""

import json
from collections.abc import Callable
from typing import Final

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol import security

__all__ = ["Keep", "Recall", "produced", "recalled"]

Recall = Callable[[str, Callable[[], bytes]], bytes]
"""Takes a name and what produces octets; gives these, or in a replay those that were recorded under the name."""

Keep = Callable[[str, bytes], None]
"""Records octets under a name; a ``Recall`` may have it as ``keep`` where nothing is replayed."""

_DONE: Final = b"\x00"
_REFUSED: Final = b"\x01"
_CLASSES: Final[dict[str, Callable[[str], ProtocolViolation]]] = {
    one.__name__: one
    for one in (
        ProtocolViolation,
        DecodeError,
        security.BadTag,
        security.BadSignature,
        security.NotAuthentic,
        security.ProtectionMismatch,
        security.CounterNotRising,
    )
}


def produced(name: str, produce: Callable[[], bytes]) -> bytes:
    """Return what is produced, recorded nowhere."""
    return produce()


def recalled(recall: Recall, name: str, produce: Callable[[], bytes]) -> bytes:
    """Return what ``produce`` gives, or raise the ``ProtocolViolation`` that it raises; the same in a replay."""
    keep: Keep | None = getattr(recall, "keep", None)
    if keep is not None:
        return _kept(keep, name, produce)
    raised: list[ProtocolViolation] = []

    def outcome() -> bytes:
        try:
            return _DONE + produce()
        except ProtocolViolation as violation:
            raised.append(violation)
            return _REFUSED + _told(violation)

    octets = recall(name, outcome)
    if raised:
        raise raised[0]
    if octets[:1] == _REFUSED:
        raise _violation(octets[1:])
    return octets[1:]


def _kept(keep: Keep, name: str, produce: Callable[[], bytes]) -> bytes:
    """As above, where nothing is replayed: what is produced is recorded and needs not come back."""
    try:
        octets = produce()
    except ProtocolViolation as violation:
        keep(name, _REFUSED + _told(violation))
        raise
    keep(name, _DONE + octets)
    return octets


def _told(violation: ProtocolViolation) -> bytes:
    apdu = violation.apdu.hex() if isinstance(violation, security.Underprotected) else ""
    return json.dumps([type(violation).__name__, str(violation), apdu]).encode()


def _violation(octets: bytes) -> ProtocolViolation:
    name, message, apdu = json.loads(octets)
    if name == security.Underprotected.__name__:
        return security.Underprotected(message, bytes.fromhex(apdu))
    return _CLASSES.get(name, ProtocolViolation)(message)
