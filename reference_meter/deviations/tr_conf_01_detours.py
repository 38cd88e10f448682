"""TR-Conf.01: meters that do by a script, a schedule, the limiter or a mask what they refuse to do otherwise."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, Literal

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.overwriting import energy_registers, reset_energy
from reference_meter.meter import Meter
from reference_meter.model.data import Pair
from reference_meter.model.script import EXECUTE, WRITE, ScriptAction
from reference_meter.model.tariff.register_activation import mask_name

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.01a"
_SCRIPTS = 2
_ACTIVE_MASK = 4

By = Literal["client", "schedule", "limiter"]


def _unchecked(meter: Meter, by: By, service: int | None) -> None:
    """Let clients write any script into the table of stored sets, and have one on energy done by one kind of caller."""
    parts, registers = meter.model.parts, energy_registers(meter)
    table, caller = parts.data_sets.table, ["schedule"]
    item = meter.model.objects[table.obis]
    checked = item.attributes[_SCRIPTS].write

    def write(data: Pair) -> None:
        if not any(_aims_at(action, registers) for _, actions in _scripts(data) for action in actions):
            assert checked is not None
            checked(data)
            return
        table.scripts = {number: tuple(map(_action, actions)) for number, actions in _scripts(data)}

    def execute(original: Callable[[int], None], identifier: int) -> None:
        for action in table.scripts.get(identifier, ()):
            if action.obis in registers:
                if caller[0] == by and service in (None, action.service):
                    reset_energy(meter)
                return
        original(identifier)

    def as_caller(name: By) -> Callable[..., Any]:
        def around(original: Callable[..., Any], *arguments: Any) -> Any:
            before, caller[0] = caller[0], name
            try:
                return original(*arguments)
            finally:
                caller[0] = before

        return around

    item.attributes[_SCRIPTS] = replace(item.attributes[_SCRIPTS], write=write)
    wrap(table, "execute", execute)
    wrap(meter.model, "action", as_caller("client"))
    wrap(parts.supply.limiter, "act", as_caller("limiter"))


def _scripts(data: Pair) -> list[tuple[int, list[Pair]]]:
    return [(script[1][0][1], script[1][1][1]) for script in data[1]]


def _action(data: Pair) -> ScriptAction:
    service, class_id, obis, index, parameter = data[1]
    return ScriptAction(service=service[1], class_id=class_id[1], obis=obis[1], index=index[1], parameter=parameter)


def _aims_at(data: Pair, registers: tuple[bytes, ...]) -> bool:
    return _action(data).obis in registers


@deviation("script-path-unchecked", _CLAUSE, about="A client's script does what the client may not do.")
def script_path_unchecked(meter: Meter, rng: Random) -> None:
    """Draw whether by a write, by a method or by both."""
    _unchecked(meter, "client", rng.choice((None, EXECUTE, WRITE)))


@deviation("schedule-path-unchecked", _CLAUSE, about="A schedule executes a script that no client can execute.")
def schedule_path_unchecked(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    _unchecked(meter, "schedule", None)


@deviation("limiter-path-unchecked", _CLAUSE, about="The limiter executes a script that no client can execute.")
def limiter_path_unchecked(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    _unchecked(meter, "limiter", None)


@deviation("unknown-mask-stops-counting", _CLAUSE, about="With a mask that does not exist in force nothing is counted.")
def unknown_mask_stops_counting(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    energy, activation = meter.model.metering.energy, meter.model.metering.register_activation
    item = meter.model.objects[meter.configuration.instances.register_activation]
    known, stopped = {mask_name(rate) for rate in activation.rates}, [False]

    def write(data: Pair) -> None:
        stopped[0] = data[1] not in known

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        if stopped[0] and elapsed_us:
            meter.fire()
        else:
            original(elapsed_us)

    active = item.attributes[_ACTIVE_MASK]
    item.attributes[_ACTIVE_MASK] = replace(active, write=write, writers=active.writers | {"management"})
    wrap(energy, "integrate", integrate)


@deviation("script-tariff-outside-the-sum", _CLAUSE, about="Energy of a tariff set by a script is in the total alone.")
def script_tariff_outside(meter: Meter, rng: Random) -> None:
    """Draw the tariff."""
    energy, rate = meter.model.metering.energy, rng.choice(meter.configuration.rates)
    table, outside = meter.configuration.instances.tariff_script, max(meter.configuration.rates) + 1
    for direction in ("import", "export"):
        energy.energy_nj[direction, outside] = 0
    by_client = [False]

    def action(original: Callable[..., Any], client: int, class_id: int, obis: bytes, *more: Any) -> Any:
        done = original(client, class_id, obis, *more)
        if obis == table:
            by_client[0] = True
        return done

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        active = energy.active_rate
        if by_client[0] and active == rate:
            energy.active_rate = outside
            if elapsed_us and any(energy.power_mw.values()):
                meter.fire()
        original(elapsed_us)
        energy.active_rate = active

    wrap(meter.model, "action", action)
    wrap(energy, "integrate", integrate)


FAMILIES = (
    script_path_unchecked,
    schedule_path_unchecked,
    limiter_path_unchecked,
    unknown_mask_stops_counting,
    script_tariff_outside,
)
