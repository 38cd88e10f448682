"""Demand: the running average of a period, the last complete one, and the highest since the last reset."""

from dataclasses import dataclass
from datetime import datetime

from reference_meter.model.energy import in_units

__all__ = ["DemandMeter", "PeriodDemand"]

_NANOJOULES_PER_WATT_SECOND = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDemand:
    """The energy of one period and the instant at which the period ended."""

    energy_nj: int
    ended: datetime


class DemandMeter:
    """Average over block periods of one direction; fed with the energy register's exact value."""

    def __init__(self, *, period_s: int, now: datetime, energy_nj: int) -> None:
        self.period_s = period_s
        self.started = now
        self._energy_at_start_nj = energy_nj
        self.last = PeriodDemand(energy_nj=0, ended=now)
        self.highest = PeriodDemand(energy_nj=0, ended=now)

    def close_period(self, now: datetime, energy_nj: int) -> None:
        """End the period: its average becomes the last one and perhaps the highest."""
        self.last = PeriodDemand(energy_nj=energy_nj - self._energy_at_start_nj, ended=now)
        if self.last.energy_nj > self.highest.energy_nj:
            self.highest = self.last
        self.restart(now, energy_nj)

    def restart(self, now: datetime, energy_nj: int) -> None:
        """Begin a period without ending one, as after the clock was set."""
        self.started = now
        self._energy_at_start_nj = energy_nj

    def reset_highest(self, now: datetime) -> None:
        """Forget the highest average."""
        self.highest = PeriodDemand(energy_nj=0, ended=now)

    def current_value(self, energy_nj: int, scaler: int) -> int:
        """Energy so far divided by the whole period, in units of ``10**scaler`` W."""
        return self.value(energy_nj - self._energy_at_start_nj, scaler)

    def value(self, energy_nj: int, scaler: int) -> int:
        """The average power of an energy over one period, in units of ``10**scaler`` W."""
        return in_units(energy_nj, self.period_s * _NANOJOULES_PER_WATT_SECOND, scaler)
