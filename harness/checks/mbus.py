"""What holds of M-Bus slaves: registers that nobody moves, errors that are told, sets that are stored in time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from harness.checks.judged import Breach, Verdictless

__all__ = ["error_is_told", "registers_kept", "set_is_stored"]


def registers_kept(
    before: Mapping[int, Decimal], after: Mapping[int, Decimal], most: Decimal, about: str
) -> Verdictless:
    """Registers (by tariff) are all there and have risen by ``most`` at the most, which may have flowed."""
    for tariff, value in before.items():
        name = f"tariff {tariff}" if tariff else "the total"
        if tariff not in after:
            return Breach(expected=f"{name} to be there after {about}", observed="no such record")
        if not value <= after[tariff] <= value + most:
            expected = f"{name} to stay at {value} over {about}, {most} may have flowed"
            return Breach(expected=expected, observed=str(after[tariff]))
    return None


def error_is_told(told: str, by: str, code: int | None, codes: Collection[int], ways: Collection[str]) -> Verdictless:
    """A command that cannot be carried out is answered with a known error, in a way that is declared."""
    wanted = ", ".join(f"{one:#04x}" for one in codes)
    if by not in ways:
        return Breach(expected=f"an application error ({wanted}) by {' or '.join(ways)}", observed=told)
    if by == "telegram" and code not in codes:
        return Breach(expected=f"an application error of {wanted}", observed=told)
    return None


def set_is_stored(stored: Sequence[tuple[date, Decimal]], day: date, low: Decimal, high: Decimal) -> Verdictless:
    """Of the sets that are new one is that of ``day``, with what the register showed then, between two readings."""
    expected = f"a set of {day} with a value from {low} to {high}"
    if any(at == day and low <= value <= high for at, value in stored):
        return None
    observed = ", ".join(f"a set of {at} with {value}" for at, value in stored)
    return Breach(expected=expected, observed=observed or "no new set")
