"""Energy: exact integration of the load into one register per direction and tariff.

Energies are integers in nanojoules (milliwatt times microsecond), so every register value can be computed again by
hand from the load and the time, without a rounding error.
"""

from typing import Literal

__all__ = ["NANOJOULES_PER_WH", "Direction", "EnergyMeter"]

Direction = Literal["import", "export"]

NANOJOULES_PER_WH = 3_600 * 10**9
_U32 = 1 << 32


class EnergyMeter:
    """The metrological part: load in, energies out; the active tariff says which register runs."""

    def __init__(self, *, rates: tuple[int, ...], initial_wh: int, active_rate: int) -> None:
        self.active_rate = active_rate
        self.flowing = True
        """Whether the supply is connected, so that the load takes what it takes."""
        self.power_mw: dict[Direction, int] = {"import": 0, "export": 0}
        self.energy_nj: dict[tuple[Direction, int], int] = {}
        for rate in rates:
            self.energy_nj["import", rate] = initial_wh * NANOJOULES_PER_WH
            self.energy_nj["export", rate] = initial_wh // 10 * NANOJOULES_PER_WH

    def set_load(self, *, import_w: float, export_w: float) -> None:
        """The power from this instant on, in watts, exact to the milliwatt."""
        self.power_mw = {"import": round(import_w * 1000), "export": round(export_w * 1000)}

    def integrate(self, elapsed_us: int) -> None:
        """Let the present load run for so many microseconds."""
        if not self.flowing:
            return
        for direction, power_mw in self.power_mw.items():
            self.energy_nj[direction, self.active_rate] += power_mw * elapsed_us

    def total_nj(self, direction: Direction) -> int:
        """Energy over all tariffs in nanojoules."""
        return sum(energy for (of, _), energy in self.energy_nj.items() if of == direction)

    def register_value(self, direction: Direction, rate: int | None, scaler: int) -> int:
        """The number that the register shows: whole units of ``10**scaler`` Wh, 32 bits; rate None is the total."""
        energy = self.total_nj(direction) if rate is None else self.energy_nj[direction, rate]
        return in_units(energy, NANOJOULES_PER_WH, scaler) % _U32

    def power_value(self, direction: Direction, scaler: int) -> int:
        """The power in whole units of ``10**scaler`` W."""
        return in_units(self.power_mw[direction] if self.flowing else 0, 1000, scaler)


def in_units(quantity: int, per_unit: int, scaler: int) -> int:
    """Whole units of ``10**scaler`` in a quantity of which ``per_unit`` make one; the rest is cut off."""
    factor: int = 10 ** abs(scaler)
    return quantity * factor // per_unit if scaler < 0 else quantity // (per_unit * factor)
