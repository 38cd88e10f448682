"""The recovery ladder: its rungs are told of as they are climbed, and its last one is the device's supply."""

from typing import Final, Protocol

__all__ = ["NO_LADDER", "Ladder", "NoLadder", "rests_within"]

_LONGEST_REST_S: Final = 5.0


class Ladder(Protocol):
    """Keeps what was tried to bring a device back, and can take away and give back its supply."""

    def climbed(self, door: str, rung: str, *, alive: bool, why: str) -> None:
        """Hear of a rung: whether a good exchange succeeded on it, and else why not."""

    def cycle_power(self, door: str) -> float | None:
        """Cut the supply and give it back; the seconds that the device may take to answer, None where nobody can."""


class NoLadder:
    """Nobody keeps the rungs, and nobody switches the supply."""

    def climbed(self, door: str, rung: str, *, alive: bool, why: str) -> None:
        """Keep nothing."""

    def cycle_power(self, door: str) -> float | None:
        """Switch nothing."""


NO_LADDER: Final = NoLadder()


def rests_within(seconds: float) -> tuple[float, ...]:
    """Return rests that grow up to some seconds and together come to ``seconds``."""
    rests: list[float] = []
    rest_s, left_s = 0.5, seconds
    while left_s > 0:
        rests.append(min(rest_s, left_s))
        left_s -= rests[-1]
        rest_s = min(2 * rest_s, _LONGEST_REST_S)
    return tuple(rests)
