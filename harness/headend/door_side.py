"""What stands at a door of any protocol: the part that good exchanges and the end of a scenario need of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from harness.declaration import Declaration, Door
from harness.evidence.trace import Trace
from harness.headend.judged import Judge, Surroundings
from harness.session import DoorTiming
from harness.transport.urls import TransportFactory

__all__ = ["DoorSide", "PlacedAt"]


class DoorSide(Surroundings, Protocol):
    """Whoever talks to the device at one door: the head end, a hand-held unit, an M-Bus master, a consumer's device."""

    door: Door
    judge: Judge

    @property
    def last_failure(self) -> str:
        """Why the last good exchange was none."""

    def answers_after_rest(self) -> bool:
        """Whether a good exchange succeeds after a short rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedAt:
    """What is needed to stand at a door."""

    declaration: Declaration
    door: Door
    transports: TransportFactory
    trace: Trace
    timing: DoorTiming
    clause: str
    """What findings name."""
    rest_for: Callable[[float], None]
    """Lets real seconds pass, where the device needs a rest between two connections."""

    def declared_secrets(self) -> tuple[bytes, ...]:
        """What must stand in no record."""
        return tuple(secret.reveal() for _, secret in self.declaration.secrets())
