"""Registers that are others at one door: scaled, old, of the other direction; powers of one phase or the wrong sign."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from reference_meter.deviations.at_one_door import at_door, drawn, replaced
from reference_meter.deviations.family import Deviation, deviation
from reference_meter.meter import Meter
from reference_meter.model.energy import Direction

__all__ = ["FAMILIES"]

_ASKED, _TOLD, _PUSHED = ("hdlc", "optical", "mbus"), ("p1", "han"), ("push",)
_BOTH_WAYS = ("hdlc", "optical")
"""Doors that can be asked and show both directions."""
_POWER = "Power at {} is that of one phase, or of the other direction."
_BEHIND = "Energy behind the sign-on of the local port is shown with another power of ten."
_FACTORS = (Fraction(1, 1000), Fraction(1, 10), Fraction(10))
_OTHER: dict[Direction, Direction] = {"import": "export", "export": "import"}
_Install = Callable[[Meter, Random, tuple[str, ...]], None]
_Energy = dict[tuple[Direction, int], int]


def _scaled(meter: Meter, rng: Random, doors: tuple[str, ...]) -> None:
    door, factor, energy = drawn(rng, doors), rng.choice(_FACTORS), meter.model.metering.energy

    def altered() -> AbstractContextManager[None]:
        values = {key: int(value * factor) for key, value in energy.energy_nj.items()}
        return replaced(energy, "energy_nj", values, meter)

    at_door(meter, door, altered)


def _old(meter: Meter, rng: Random, doors: tuple[str, ...]) -> None:
    door, metering, hold = drawn(rng, doors), meter.model.metering, timedelta(hours=rng.choice((1, 4)))
    kept: list[tuple[datetime, _Energy]] = []

    def altered() -> AbstractContextManager[None]:
        if not kept or metering.true_time - kept[0][0] >= hold:
            kept[:] = [(metering.true_time, dict(metering.energy.energy_nj))]
        return replaced(metering.energy, "energy_nj", kept[0][1], meter)

    at_door(meter, door, altered)


def _swapped(meter: Meter, rng: Random, doors: tuple[str, ...]) -> None:
    door, energy = drawn(rng, doors), meter.model.metering.energy

    def altered() -> AbstractContextManager[None]:
        values = {(_OTHER[direction], rate): value for (direction, rate), value in energy.energy_nj.items()}
        return replaced(energy, "energy_nj", values, meter)

    at_door(meter, door, altered)


def _power(meter: Meter, rng: Random, doors: tuple[str, ...]) -> None:
    door, energy, one_phase = drawn(rng, doors), meter.model.metering.energy, rng.random() < 0.5

    def altered() -> AbstractContextManager[None]:
        powers = energy.power_mw
        third = {direction: power // 3 for direction, power in powers.items()}
        swapped = {_OTHER[direction]: power for direction, power in powers.items()}
        wrong = third if one_phase else swapped
        return replaced(energy, "power_mw", wrong, meter)

    at_door(meter, door, altered)


def _families() -> tuple[Deviation, ...]:
    kinds: tuple[tuple[str, _Install, str, tuple[str, ...]], ...] = (
        ("scaled", _scaled, "Energy is shown with another power of ten", _ASKED),
        ("old", _old, "Energy is that of an earlier hour", _ASKED),
        ("swapped", _swapped, "Import and export are taken for each other", _BOTH_WAYS),
    )
    made = []
    for word, install, about, asked in kinds:
        for where, clause, doors in (
            ("a-door", "SU3.step2", asked),
            ("the-consumer-port", "MF.2", _TOLD),
            ("the-push", "MF.1", _PUSHED),
        ):
            name = f"energy-{word}-at-{where}"
            text = f"{about} at {where.replace('-', ' ')} alone."
            made.append(_family(name, clause, text, install, doors))
    made.append(_family("energy-scaled-behind-the-sign-on", "SU3.step2", _BEHIND, _scaled, ("behind",)))
    made.append(_family("power-wrong-at-a-door", "SU3.step2", _POWER.format("a door"), _power, _ASKED))
    made.append(_family("power-wrong-at-the-consumer-port", "MF.2", _POWER.format("the consumer port"), _power, _TOLD))
    return tuple(made)


def _family(name: str, clause: str, about: str, install: _Install, doors: tuple[str, ...]) -> Deviation:
    @deviation(name, clause, about=about)
    def family(meter: Meter, rng: Random) -> None:
        install(meter, rng, doors)

    return family


FAMILIES = _families()
