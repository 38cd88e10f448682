"""What a missing or damaged answer means: the stimulus is tried again between good exchanges.

1. The link's own repetition has already been tried by the conversation.
2. A good exchange, then the stimulus again: the same kind of end twice is a FAIL, gone is INCONCLUSIVE (line).
3. When the good exchange fails too: the recovery ladder, then the stimulus once more; down again is a FAIL.
4. When nothing recovers: INCONCLUSIVE naming the stimulus, and the run stops.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from harness.errors import (
    ConnectionLost,
    DeviceError,
    Inconclusive,
    NonConformity,
    ProtocolViolation,
    Refused,
    Silent,
)

__all__ = ["DeviceLost", "Judge"]

T = TypeVar("T")

_MISSING_OR_DAMAGED = (Silent, ProtocolViolation, ConnectionLost)


class DeviceLost(Inconclusive):
    """Nothing brings the device back; the run ends here."""


class Surroundings(Protocol):
    """What the judge needs of the head end."""

    clause: str

    @property
    def hint(self) -> str:
        """What to look at where the device has never answered, to go behind a message; else nothing."""

    def answers(self) -> bool:
        """Whether a good exchange succeeds."""

    def recover(self) -> bool:
        """Whether the recovery ladder brings the device back."""

    def close_all(self) -> None:
        """Give up all open connections."""


class Judge:
    """Judges stimuli of one scenario; findings name the clause of the head end."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self.left_down = False
        """Whether a finding has left the device down."""

    def judged(self, stimulus: str, attempt: Callable[[], T], again: Callable[[], T], frame: Callable[[], int]) -> T:
        """Return ``attempt()``; when its answer is missing or damaged, find out what that means.

        ``again`` makes the same stimulus from scratch: connection and association included. ``frame`` is the
        number of the last frame, for the finding.
        """
        try:
            return attempt()
        except _MISSING_OR_DAMAGED as error:
            first = error
            shown = frame()
        self._surroundings.close_all()
        was_alive = self._surroundings.answers()
        if not was_alive and not self._surroundings.recover():
            lost = f"the device does not come back after {stimulus}: {first}{self._surroundings.hint}"
            raise DeviceLost(lost, missing="device") from first
        try:
            again()
        except _MISSING_OR_DAMAGED as second:
            raise self._finding(stimulus, first, second, shown, was_alive=was_alive) from second
        except Refused as second:
            raise self._finding(stimulus, first, second, shown, was_alive=was_alive) from second
        meanwhile = "" if was_alive else ", once the device, which was down, had been brought back"
        raise Inconclusive(
            f"{stimulus} ended once with: {first}; the same stimulus was answered when repeated{meanwhile}",
            missing="line",
        )

    def _finding(
        self, stimulus: str, first: DeviceError, second: DeviceError, frame: int, *, was_alive: bool
    ) -> NonConformity:
        if was_alive:
            observed = f"{first}; repeated over a new connection to the living device: {second}"
        else:
            self.left_down = not self._surroundings.answers()
            down = "down again" if self.left_down else "answering others again"
            observed = f"{first}, and the device was down; after recovery the same stimulus: {second} ({down})"
        return NonConformity(
            clause=self._surroundings.clause,
            expected=f"an answer to {stimulus}",
            observed=observed,
            frame=frame,
        )
