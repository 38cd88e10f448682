"""Tariffs: which value shows the active one, and where energy goes."""

from collections.abc import Sequence
from decimal import Decimal

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.axdr import Data

__all__ = ["only_one_grows", "shows", "sum_moves_with_total"]

_SHARE = Decimal(2)
"""Energy has to exceed the resolution so many times to be told from none."""


def shows(data: Data, expected: int | str) -> Verdictless:
    """The indication names a tariff, as a number or as a text."""
    value = data.value.decode("latin-1") if isinstance(data.value, bytes) else data.value
    if value == expected or (isinstance(expected, int) and isinstance(value, str) and value == chr(expected)):
        return None
    return Breach(expected=f"the tariff {expected} shown", observed=f"{data}")


def only_one_grows(
    moved: Sequence[Decimal], due: int, resolutions: Sequence[Decimal], *, total: Decimal
) -> Verdictless:
    """Of the tariff registers only the one at position ``due`` has moved, in Wh; ``total`` is what the total has."""
    for position, (energy, resolution) in enumerate(zip(moved, resolutions, strict=True)):
        if position != due and energy != 0:
            return Breach(
                expected=f"register {position + 1} of the tariffs, which is not in force, to stand still",
                observed=f"it moved by {energy} Wh (resolution {resolution} Wh), limit 0 Wh",
            )
    if moved[due] < 0:
        return Breach(expected=f"register {due + 1} of the tariffs to grow", observed=f"{moved[due]} Wh")
    if max(moved[due], total) < _SHARE * resolutions[due]:
        return Undecided(
            reason=f"only {total} Wh have been booked, too few to tell at a resolution of {resolutions[due]} Wh",
            missing="bench",
        )
    if moved[due] == 0:
        return Breach(
            expected=f"register {due + 1} of the tariffs, which is in force, to grow with the total by {total} Wh",
            observed=f"{moved[due]} Wh (resolution {resolutions[due]} Wh)",
        )
    return None


def sum_moves_with_total(
    moved: Sequence[Decimal], total: Decimal, resolutions: Sequence[Decimal], *, apart_wh: Decimal = Decimal(0)
) -> Verdictless:
    """The registers together have moved like the total, but for one resolution each.

    ``apart_wh`` is what may have flowed between the readings of the registers, which are not of one instant.
    """
    limit, off = sum(resolutions, apart_wh), abs(sum(moved, Decimal(0)) - total)
    if off <= limit:
        return None
    return Breach(
        expected=f"the sum of the tariffs within {limit:.3f} Wh of {total} Wh (resolutions and {apart_wh:.3f} Wh "
        "while the registers were read)",
        observed=f"{off} Wh off",
    )
