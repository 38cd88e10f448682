"""What keys have done, in the trace: a replay gets it back from there and needs no keys."""

from collections.abc import Callable

from harness.evidence.redaction import ranges_of
from harness.evidence.trace import Trace
from harness.session import Keep

__all__ = ["KeyRecord"]


class KeyRecord:
    """A ``Recall`` over a trace; a secret that the device echoes becomes zeros in the record."""

    def __init__(self, trace: Trace, secrets: Callable[[], tuple[bytes, ...]]) -> None:
        """``secrets`` gives what must not be recorded."""
        self.keep: Keep | None = None if trace.is_replaying else self._keep
        """Records what there is to record; None in a replay."""
        self._trace = trace
        self._secrets = secrets

    def __call__(self, name: str, produce: Callable[[], bytes]) -> bytes:
        """Return what is produced, or in a replay what was recorded."""
        if self.keep is None:
            return bytes.fromhex(self._trace.recall(name, lambda: self._shown(produce())))
        made = produce()
        self._keep(name, made)
        return made

    def _keep(self, name: str, octets: bytes) -> None:
        self._trace.keep_hex(name, self._shown(octets))

    def _shown(self, octets: bytes) -> str:
        found = ranges_of(octets, self._secrets())
        if not found:
            return octets.hex()
        cleared = bytearray(octets)
        for offset, length in found:
            cleared[offset : offset + length] = bytes(length)
        return cleared.hex()
