"""Answers by which a device says no, whichever reason it gives.

Which reason fits which condition is judged where the diagnostic itself is the clause (TR-Conf.04 and TR-Conf.05).
Everywhere else the source only wants that something is not done, and any of these says so.
"""

from collections.abc import Collection
from typing import Final

__all__ = ["REFUSALS", "told"]

_RESULTS: Final = (1, 2, 3, 4, 9, 11, 12, 13, 250)
"""Of GET, SET and ACTION, without those about blocks of a long transfer."""

REFUSALS: Final = frozenset(
    {
        *(f"{service}:{result}" for service in ("dar", "action") for result in _RESULTS),
        *(f"exception:{state}/{reason}" for state in (1, 2) for reason in range(1, 5)),
    }
)
"""Every data-access-result and action-result that is an error, and exceptions that are not about ciphering."""


def told(accepted: Collection[str]) -> str:
    """Return accepted answers in words: all refusals together are "an error"."""
    names = set(accepted)
    if not names >= REFUSALS:
        return " or ".join(sorted(names))
    return " or ".join(["an error", *sorted(names - REFUSALS)])
