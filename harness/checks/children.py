"""What holds of meters behind a device: what it shows of them is what they say themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["clock_is_set", "identity_is_shown", "no_row_beside", "shown_as_counted"]

_UNITS = {"volume": (13, 14), "energy": (30,)}
"""Numbers of units: cubic metres, also corrected ones; Wh."""


def shown_as_counted(
    shown: Decimal, unit: int, counts: str, before: Decimal, after: Decimal, resolution: Decimal
) -> Verdictless:
    """What is shown lies between two readings of the meter itself, within the coarser resolution."""
    if unit not in _UNITS[counts]:
        return Undecided(reason=f"the register of {counts} is shown in unit {unit}", missing="device")
    if before - resolution < shown < after + resolution:
        return None
    return Breach(
        expected=f"a {counts} from {before} to {after}, as the meter says itself, within {resolution}",
        observed=str(shown),
    )


def identity_is_shown(shown: Mapping[str, int], told: Mapping[str, int | str]) -> Verdictless:
    """Who the meter is said to be is who it says it is; digits may be shown as a number or one by one."""
    for name, own in told.items():
        possible = (own,) if isinstance(own, int) else (int(own), int(own, 16))
        if shown[name] not in possible:
            return Breach(
                expected=f"{name} {own}, as the meter says itself", observed=f"{shown[name]} ({shown[name]:#x})"
            )
    return None


def clock_is_set(shown: datetime, due: Sequence[datetime], tolerance_s: float) -> Verdictless:
    """The meter's clock shows the device's local time, or its standard time where the device is in summer time."""
    if any(abs((shown - one).total_seconds()) <= tolerance_s for one in due):
        return None
    expected = " or ".join(dict.fromkeys(f"{one:%Y-%m-%d %H:%M:%S}" for one in due))
    return Breach(expected=f"{expected} within {tolerance_s:g} s", observed=f"{shown:%Y-%m-%d %H:%M:%S}")


def no_row_beside(
    before: Sequence[datetime], after: Sequence[datetime], period_s: int, tolerance_s: float
) -> Verdictless:
    """Rows that are new bear times at the ends of periods; without a period there are none."""
    for at in after:
        if at in before:
            continue
        beside_s = at.timestamp() % period_s if period_s else 0.0
        if not period_s or min(beside_s, period_s - beside_s) > tolerance_s:
            return Breach(
                expected="no row but those at the ends of periods", observed=f"a row of {at:%Y-%m-%d %H:%M:%S}"
            )
    return None
