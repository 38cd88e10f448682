"""Whether a device lives that does not speak DLMS at a door, and the ladder that brings it back."""

from collections.abc import Callable, Sequence
from typing import Final

from harness.declaration import Door
from harness.errors import ConnectionLost, Garbled, LineDamaged, PortGone, ProtocolViolation, Silent
from harness.evidence.trace import Trace
from harness.protocol.iec62056_21 import BlockCheckWrong
from harness.session.timing import DoorTiming

__all__ = ["PortLife"]

_RESTS_S: Final = (0.5, 2.0, 5.0)


class PortLife:
    """Good exchanges at ``door``: ``exchange`` raises what went wrong, ``rest`` hangs up and lets seconds pass."""

    def __init__(
        self,
        *,
        door: Door,
        trace: Trace,
        exchange: Callable[[], object],
        rest: Callable[[float], None],
        further_rests_s: Sequence[float] = (),
        timing: DoorTiming | None = None,
    ) -> None:
        self.last_failure = ""
        """Why the last good exchange was none."""
        self._door = door
        self._trace = trace
        self._exchange = exchange
        self._rest = rest
        self._timing = timing
        self._rests_s = (*_RESTS_S, *further_rests_s)

    def answers(self) -> bool:
        """Whether a good exchange succeeds.

        An unplugged port raises ``PortGone``, octets damaged on a real line ``LineDamaged``. A device that has never
        been sound here and whose messages are whole but for their check, however often they are asked for again,
        lives: no line damages checks alone.
        """
        trace = self._trace
        kept = trace.step, trace.last_request, trace.last_received
        trace.step = "good exchange"
        try:
            self._exchange()
        except (Silent, ProtocolViolation, ConnectionLost) as failure:
            self.last_failure = str(failure)
            if isinstance(failure.__cause__, BlockCheckWrong) and self._timing and not self._timing.has_been_sound:
                return True
            if isinstance(failure, Garbled) and not self._door.is_virtual:
                raise LineDamaged(f"good exchange at door {self._door.id}: {failure}") from failure
            return False
        except PortGone as gone:
            if not self._door.is_network:
                raise
            self.last_failure = str(gone)
            return False
        finally:
            trace.step, trace.last_request, trace.last_received = kept
        if self._timing is not None:
            self._timing.has_been_sound = True
        return True

    def answers_after_rest(self, rest_s: float = _RESTS_S[0]) -> bool:
        """Whether a good exchange succeeds after a rest."""
        self._rest(rest_s)
        return self.answers()

    def recover(self) -> bool:
        """Try good exchanges after ever longer rests."""
        return any(self.answers_after_rest(rest_s) for rest_s in self._rests_s)
