"""How long the harness waits at one door, and what it has learnt about the device's speed there."""

from dataclasses import dataclass

__all__ = ["DoorTiming"]

_SHORTEST_SILENCE_S = 2.0
_MOST_LEARNT_SILENCE_S = 60.0
"""A device that answers ever later must not make us wait ever longer."""
_PATIENCE = 10
_BITS_AN_OCTET = 10


@dataclass(kw_only=True)
class DoorTiming:
    """Waiting times of one door; ``slowest_answer_s`` grows during the run."""

    response_time_s: float
    """Declared time within which the device answers."""
    inactivity_timeout_s: float
    repetitions: int
    """How often the protocol repeats by itself before an answer counts as missing."""
    baud: int | None = None
    """Rate of a serial line, for the time that the octets themselves take."""
    slowest_answer_s: float = 0.0
    has_connected: bool = False
    """Whether there has been a connection before, be it in another scenario."""
    has_answered: bool = False
    """Whether the device has answered here in this run."""
    has_been_sound: bool = False
    """Whether a good exchange has succeeded here in this run."""
    learnt_rest_s: float = 0.0
    """Rest before a connection that the device has turned out to need."""

    @property
    def silence_s(self) -> float:
        """After this time without an ACSE or xDLMS answer there is none."""
        learnt = min(3 * self.slowest_answer_s, _MOST_LEARNT_SILENCE_S)
        return max(2 * self.response_time_s, learnt, _SHORTEST_SILENCE_S)

    def line_time_s(self, octets: int) -> float:
        """Time that ``octets`` take on the line; zero where the rate is unknown."""
        return octets * _BITS_AN_OCTET / self.baud if self.baud else 0.0

    def longest_wait_s(self, octets: int) -> float:
        """Bound for one whole answer of up to ``octets``, however slowly its parts come."""
        return _PATIENCE * self.silence_s + 3 * self.line_time_s(octets)

    def learn(self, answer_s: float) -> None:
        """Remember how long a good answer took."""
        self.has_answered = True
        self.slowest_answer_s = max(self.slowest_answer_s, answer_s)
