"""What the clock of one meter can do."""

from dataclasses import dataclass

__all__ = ["ClockSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSettings:
    """What the clock of one meter can do."""

    methods: frozenset[int] = frozenset(range(1, 7))
    """Of the methods of class 8 those that there are."""
    shift_limit_s: int = 900
    """The farthest that one shift goes."""
