"""TR-Conf.08a: the values are those of now."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.codec.request import AttributeDescriptor, GetList
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.reading import VALUE, Read, change_values
from reference_meter.meter import Meter
from reference_meter.model.energy import NANOJOULES_PER_WH, Direction, in_units
from reference_meter.server.association import Association

__all__ = ["FAMILIES"]

_IMPORT_COLUMN = 2
_MICROSECONDS = 1_000_000


@deviation(
    "get-returns-last-profile-value",
    "TR-Conf.08a",
    about="Reading the import energy gives the value of the newest profile row.",
)
def get_returns_last_profile_value(meter: Meter, rng: Random) -> None:
    """No parameter."""
    rows = meter.model.metering.profile.rows

    def change(read: Read, pair: Pair) -> Pair:
        if not rows or not read.is_of(meter.configuration.instances.energy_import_total):
            return pair
        return rows[-1].values[_IMPORT_COLUMN]

    change_values(meter, change)


@deviation(
    "value-does-not-follow-load",
    "TR-Conf.08a",
    about="The energy registers count a part of the energy only.",
)
def value_does_not_follow_load(meter: Meter, rng: Random) -> None:
    """Draw the part."""
    energy = meter.model.metering.energy
    percent = rng.choice((30, 50, 70))

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        if elapsed_us and any(energy.power_mw.values()):
            meter.fire()
        original(elapsed_us * percent // 100)

    wrap(energy, "integrate", integrate)


@deviation(
    "energy-moves-without-load",
    "TR-Conf.08a",
    about="The import energy goes on rising when there is no load.",
)
def energy_moves_without_load(meter: Meter, rng: Random) -> None:
    """Draw the power that is counted."""
    energy = meter.model.metering.energy
    drift_mw = rng.randint(50, 200) * 1000

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        original(elapsed_us)
        if elapsed_us and not energy.power_mw["import"]:
            energy.energy_nj["import", energy.active_rate] += drift_mw * elapsed_us
            meter.fire()

    wrap(energy, "integrate", integrate)


@deviation(
    "list-not-atomic",
    "TR-Conf.08a",
    about="In a list the tariff registers show the values of some time before that of the total.",
)
def list_not_atomic(meter: Meter, rng: Random) -> None:
    """Draw how long before."""
    configuration, energy = meter.configuration, meter.model.metering.energy
    age_us = rng.randint(60, 240) * _MICROSECONDS
    in_list = False

    def read(
        original: Callable[..., Pair | int], association: Association, attribute: AttributeDescriptor
    ) -> Pair | int:
        result = original(association, attribute)
        running = configuration.instances.energy_import_rate(energy.active_rate)
        if not in_list or isinstance(result, int) or attribute.obis != running or attribute.attribute != VALUE:
            return result
        before_nj = energy.energy_nj["import", energy.active_rate] - energy.power_mw["import"] * age_us
        old = (result[0], in_units(before_nj, NANOJOULES_PER_WH, configuration.energy_scaler))
        if old != result:
            meter.fire()
        return old

    def answer_list(original: Callable[..., object], association: Association, request: GetList) -> object:
        nonlocal in_list
        in_list = True
        try:
            return original(association, request)
        finally:
            in_list = False

    wrap(meter.server.services.gets, "read", read)
    wrap(meter.server.services.gets, "answer_list", answer_list)


@deviation("power-shown-late", "TR-Conf.08a", about="The power shown is that of some time ago.")
def power_shown_late(meter: Meter, rng: Random) -> None:
    """Draw how long one value stays."""
    metering, stays = meter.model.metering, timedelta(seconds=rng.choice((30, 60, 300)))
    energy, shown, since = metering.energy, [0], [metering.now]

    def power_value(original: Callable[[Direction, int], int], direction: Direction, scaler: int) -> int:
        right = original(direction, scaler)
        if direction != "import":
            return right
        if metering.now - since[0] >= stays:
            shown[0], since[0] = right, metering.now
        if shown[0] != right:
            meter.fire()
        return shown[0]

    wrap(energy, "power_value", power_value)


@deviation("power-without-direction", "TR-Conf.08a", about="The power register of one direction shows the other too.")
def power_without_direction(meter: Meter, rng: Random) -> None:
    """Draw which one."""
    energy, which = meter.model.metering.energy, rng.choice(("import", "export"))

    def power_value(original: Callable[[Direction, int], int], direction: Direction, scaler: int) -> int:
        right = original(direction, scaler)
        both = original("import", scaler) + original("export", scaler)
        if direction != which or both == right:
            return right
        meter.fire()
        return both

    wrap(energy, "power_value", power_value)


@deviation("power-stays-without-load", "TR-Conf.08a", about="When the load ends the power of before is still shown.")
def power_stays(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    energy, last = meter.model.metering.energy, [0]

    def power_value(original: Callable[[Direction, int], int], direction: Direction, scaler: int) -> int:
        right = original(direction, scaler)
        if direction != "import":
            return right
        if right:
            last[0] = right
        elif last[0]:
            meter.fire()
        return right or last[0]

    wrap(energy, "power_value", power_value)


FAMILIES = (
    get_returns_last_profile_value,
    value_does_not_follow_load,
    energy_moves_without_load,
    list_not_atomic,
    power_shown_late,
    power_without_direction,
    power_stays,
)
