"""Energy against load: what a register must have counted, with the uncertainty of saying so."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = ["EnergyExpectation", "between", "follows_load", "shows_power", "snapshots_are_consistent", "stands_still"]

_SECONDS_AN_HOUR = Decimal(3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyExpectation:
    """What flowed: power over a time, and how well both are known."""

    power_w: Decimal
    seconds: Decimal
    time_uncertainty_s: Decimal
    power_uncertainty_percent: Decimal
    """Of the bench."""
    accuracy_percent: Decimal
    """Of the device, by its class."""
    resolution_wh: Decimal

    @property
    def energy_wh(self) -> Decimal:
        """The energy that flowed."""
        return self.power_w * self.seconds / _SECONDS_AN_HOUR

    @property
    def uncertainty_wh(self) -> Decimal:
        """Accuracy class, source, one step of the register and load times time uncertainty."""
        relative = (self.accuracy_percent + self.power_uncertainty_percent) / 100
        timing = self.power_w * self.time_uncertainty_s / _SECONDS_AN_HOUR
        return self.energy_wh * relative + self.resolution_wh + timing


def follows_load(observed_wh: Decimal, expectation: EnergyExpectation) -> Verdictless:
    """The register has moved by the energy of the load.

    Undecided where the uncertainty is more than half of what flowed: then a dead register would pass too.
    """
    energy, uncertainty = expectation.energy_wh, expectation.uncertainty_wh
    if uncertainty > energy / 2:
        return Undecided(
            reason=f"{energy:.3f} Wh flowed and the uncertainty is {uncertainty:.3f} Wh: too little to judge by",
            missing="bench",
        )
    if abs(observed_wh - energy) <= uncertainty:
        return None
    return Breach(
        expected=f"{energy:.3f} Wh with an uncertainty of {uncertainty:.3f} Wh "
        f"({expectation.power_w:.1f} W for {expectation.seconds:.1f} s)",
        observed=f"{observed_wh:.3f} Wh",
    )


def stands_still(before_wh: Decimal, after_wh: Decimal, resolution_wh: Decimal) -> Verdictless:
    """Without load the register keeps its value; one step may still fall from what flowed before."""
    if before_wh <= after_wh <= before_wh + resolution_wh:
        return None
    return Breach(
        expected=f"{before_wh} Wh without load, one step of {resolution_wh} Wh at most", observed=f"{after_wh} Wh"
    )


def shows_power(observed_w: Decimal, power_w: Decimal, uncertainty_w: Decimal) -> Verdictless:
    """A register of present power shows what flows.

    Undecided where the uncertainty is more than half of what flows: then a dead register would pass too.
    """
    if power_w and uncertainty_w > power_w / 2:
        reason = f"{power_w:.1f} W flow and the uncertainty is {uncertainty_w:.1f} W: too little to judge by"
        return Undecided(reason=reason, missing="bench")
    if abs(observed_w - power_w) <= uncertainty_w:
        return None
    return Breach(
        expected=f"{power_w:.1f} W with an uncertainty of {uncertainty_w:.1f} W", observed=f"{observed_w:.1f} W"
    )


def between(name: str, before: Decimal, value: Decimal, after: Decimal) -> Verdictless:
    """A value read between two readings of a counting register lies between theirs."""
    if before <= value <= after:
        return None
    limits = f"{before}" if before == after else f"a value from {before} to {after}"
    return Breach(expected=f"{limits} for {name}, as read before and after", observed=f"{value}")


def snapshots_are_consistent(
    snapshots: Sequence[tuple[Decimal, ...]], tolerance_wh: Decimal, *, load_varied: bool
) -> Verdictless:
    """From list to list the total moves with the sum of its tariff registers.

    Each snapshot is the total followed by the tariff registers. A constant difference may be history from before the
    tariffs, but only where the load was varied in between: registers of different age differ constantly under a
    constant load.
    """
    offsets = [total - sum(rates) for total, *rates in snapshots]
    if max(offsets) - min(offsets) > tolerance_wh:
        at = max(range(len(offsets)), key=lambda number: abs(offsets[number] - offsets[0]))
        total, *rates = snapshots[at]
        return Breach(
            expected=f"total - tariffs = {offsets[0]} Wh within {tolerance_wh} Wh, as in the first list",
            observed=f"{total} - ({' + '.join(map(str, rates))}) = {offsets[at]} Wh in list {at + 1}",
        )
    if abs(offsets[0]) <= tolerance_wh or load_varied:
        return None
    return Undecided(
        reason=f"total and tariffs differ by a constant {offsets[0]} Wh, and the load could not be varied to tell "
        "history from registers of different age",
        missing="bench",
    )
