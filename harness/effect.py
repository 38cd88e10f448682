"""What a scenario may do to a device: the words of the tags ``@effect.x``, of ceilings and of side effects."""

from typing import Literal, get_args

__all__ = ["EFFECTS", "Effect"]

Effect = Literal[
    "reads",
    "writes",
    "sets_clock",
    "clears",
    "fills_logs",
    "locks_out",
    "switches_supply",
    "changes_keys",
    "irreversible",
]

EFFECTS: tuple[Effect, ...] = get_args(Effect)
"""All effects, from the most harmless to the most harmful."""
