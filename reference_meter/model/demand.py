"""Demand: the running average of a period, the last complete one, and the highest since the last reset."""

from dataclasses import dataclass
from datetime import datetime

from reference_meter.model.energy import in_units

__all__ = ["DemandMeter", "PeriodDemand"]

_NANOJOULES_PER_WATT_SECOND = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDemand:
    """The energy of one period, its length and the instant at which it ended."""

    energy_nj: int
    period_s: int
    ended: datetime

    def value(self, scaler: int) -> int:
        """The average power of the period, in units of ``10**scaler`` W."""
        return in_units(self.energy_nj, self.period_s * _NANOJOULES_PER_WATT_SECOND, scaler)


class DemandMeter:
    """Average over block periods of one direction; fed with the energy register's exact value."""

    def __init__(self, *, period_s: int, now: datetime, energy_nj: int) -> None:
        self.period_s = period_s
        self.started = now
        self._energy_at_start_nj = energy_nj
        self.last = self._period(0, now)
        self.highest = self.last

    def close_period(self, now: datetime, energy_nj: int) -> None:
        """End the period: its average becomes the last one and perhaps the highest."""
        self.last = self._period(energy_nj - self._energy_at_start_nj, now)
        # Averages of unlike periods are compared crosswise, as integers.
        if self.last.energy_nj * self.highest.period_s > self.highest.energy_nj * self.last.period_s:
            self.highest = self.last
        self.restart(now, energy_nj)

    def restart(self, now: datetime, energy_nj: int) -> None:
        """Begin a period without ending one, as after the clock was set."""
        self.started = now
        self._energy_at_start_nj = energy_nj

    def reset_highest(self, now: datetime) -> None:
        """Forget the highest average."""
        self.highest = self._period(0, now)

    def current_value(self, energy_nj: int, scaler: int) -> int:
        """Energy so far divided by the whole period, in units of ``10**scaler`` W."""
        return self._period(energy_nj - self._energy_at_start_nj, self.started).value(scaler)

    def _period(self, energy_nj: int, ended: datetime) -> PeriodDemand:
        return PeriodDemand(energy_nj=energy_nj, period_s=self.period_s, ended=ended)
