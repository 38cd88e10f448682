"""What holds of registers shown at a local port, beside the same ones read by DLMS."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["answered_as_declared", "in_base_units", "shown_between", "unmoved"]

_FACTORS: Final = {"": Decimal(1), "k": Decimal(1000), "M": Decimal(1_000_000)}
_BASES: Final = ("Wh", "varh", "VAh", "W", "var", "VA", "m3")


def in_base_units(number: Decimal, unit: str | None) -> Decimal | None:
    """Return a shown number in Wh, W, varh ... or m3; None for a unit that is none of these."""
    for base in _BASES:
        prefix = (unit or "").removesuffix(base)
        if unit is not None and unit.endswith(base) and prefix in _FACTORS:
            return number * _FACTORS[prefix]
    return None


def shown_between(address: str, shown: Decimal, before: Decimal, after: Decimal, resolution: Decimal) -> Verdictless:
    """A counting register that was shown lies between two readings of it, within the coarser resolution."""
    if before - resolution < shown < after + resolution:
        return None
    return Breach(
        expected=f"{address} between {before} and {after}, as read by DLMS before and after, within {resolution}",
        observed=str(shown),
    )


def unmoved(address: str, before: Decimal, after: Decimal, most: Decimal, about: str) -> Verdictless:
    """A counting register has risen by ``most`` at the most, which may have flowed."""
    if before <= after <= before + most:
        return None
    return Breach(expected=f"{address} to stay at {before} over {about}, {most} may have flowed", observed=str(after))


def answered_as_declared(told: str, accepted: Sequence[str], *, fits: bool, what: str) -> Verdictless:
    """A condition is answered in a way that is declared or usual; silence where octets may be lost decides nothing."""
    if fits:
        return None
    if told == "silence":
        return Undecided(reason=f"nothing came to {what}; due is {' or '.join(accepted)}", missing="line")
    return Breach(expected=f"{what} to be answered with {' or '.join(accepted)}", observed=told)
