"""What a bad line does to octets: split, join, delay, drop, flip; drawn from a seed, without a clock."""

import random
from dataclasses import dataclass

from harness.transport.door_url import DoorUrl, QueryReader
from harness.transport.limits import LONGEST_RECEIVE_OCTETS

__all__ = ["Damage", "Impairment"]

_LONGEST_S = 60.0
_KEYS = ("split", "join", "delay", "drop", "flip", "seed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Impairment:
    """The settings in the query of an ``impaired+`` URL."""

    split: int
    """Send and receive pieces of at most so many octets."""
    join_s: float
    """Hold what arrives so long, to join it with what follows."""
    delay_s: float
    """Line time that octets need, each way."""
    drop: float
    """Probability that a chunk is lost."""
    flip: float
    """Probability that one bit of an octet flips, for each octet."""
    seed: int

    @classmethod
    def from_url(cls, url: DoorUrl) -> tuple["Impairment", DoorUrl]:
        """Return the settings and the URL that is wrapped, which keeps all other keys."""
        reader = QueryReader(url)
        settings = cls(
            split=reader.integer("split", 1, LONGEST_RECEIVE_OCTETS, LONGEST_RECEIVE_OCTETS),
            join_s=reader.number("join", 0.0, _LONGEST_S),
            delay_s=reader.number("delay", 0.0, _LONGEST_S),
            drop=reader.number("drop", 0.0, 1.0),
            flip=reader.number("flip", 0.0, 1.0),
            seed=reader.integer("seed", 0, 2**31, 0),
        )
        return settings, url.inner(reader.rest(), _KEYS)


class Damage:
    """Damage in one direction of one connection; equal ``name`` and equal chunks are damaged equally."""

    def __init__(self, settings: Impairment, name: str) -> None:
        self._settings = settings
        # Not for secrets: the same seed must give the same line again.
        self._drops = random.Random(f"{settings.seed}/{name}/drop")  # noqa: S311
        self._flips = random.Random(f"{settings.seed}/{name}/flip")  # noqa: S311

    def pieces(self, data: bytes) -> list[bytes]:
        """Cut ``data`` to pieces of the allowed size."""
        size = self._settings.split
        return [data[start : start + size] for start in range(0, len(data), size)]

    def damaged(self, chunk: bytes) -> bytes:
        """Return the chunk as it comes out of the line; ``b""`` where it is lost."""
        if self._settings.drop and self._drops.random() < self._settings.drop:
            return b""
        if not self._settings.flip:
            return chunk
        return bytes(
            octet ^ (1 << self._flips.randrange(8)) if self._flips.random() < self._settings.flip else octet
            for octet in chunk
        )
