"""The present power, as its registers show it, against what flows."""

from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import then, when

from harness.checks.energy import shows_power
from harness.declaration import CosemObject
from harness.headend.client import Client
from harness.headend.registers import RegisterValue
from harness.run.trial import Trial
from steps.metering.energy import read_in
from steps.metering.registration import apply

_WATT = 27
_AT_REST = Decimal("0.01")
"""A register may show so much of the largest load while nothing flows."""
_CONSUMED_W = (3000, 1000, 0, 2000)
_BOTH_W = ((0, 2000), (1500, 0), (0, 1000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a register of power showed under a load."""

    value: RegisterValue
    power_w: Decimal
    """What flowed in its direction."""
    largest_w: Decimal
    """The largest power of all that were applied."""


def read_power(trial: Trial, client: Client, register: CosemObject) -> RegisterValue:
    """Read a register of power, in W."""
    return read_in(trial, client, register, _WATT, "W")


@when("the power flowing in changes several times", target_fixture="shown_powers")
def consumption_changes(trial: Trial, client: Client) -> list[Shown]:
    """Where the load is constant it is looked at as it is."""
    register, shown = trial.object("power_import"), []
    loads = [Decimal(one) for one in _CONSUMED_W] if trial.may_vary_load else [Decimal(_CONSUMED_W[0])]
    for load in loads:
        trial.apply_load(load)
        value = read_power(trial, client, register)
        shown.append(Shown(value=value, power_w=trial.applied_w, largest_w=max(trial.applied_w, *loads)))
    return shown


@when("power flows out and in by turns", target_fixture="shown_powers")
def directions_change(trial: Trial, client: Client) -> list[Shown]:
    shown, largest_w = [], Decimal(max(map(max, _BOTH_W)))
    for import_w, export_w in _BOTH_W:
        apply(trial, import_w, export_w)
        for role, power_w in (("power_import", import_w), ("power_export", export_w)):
            value = read_power(trial, client, trial.object(role))
            shown.append(Shown(value=value, power_w=Decimal(power_w), largest_w=largest_w))
    return shown


@then("each time the power shown is the one that flows in that direction")
def powers_follow(trial: Trial, shown_powers: list[Shown]) -> None:
    percent = Decimal(str(trial.declaration.metering.accuracy_class)) + Decimal(str(trial.load.uncertainty_percent))
    for one in shown_powers:
        resting_w = 0 if one.power_w else one.largest_w * _AT_REST
        uncertainty_w = one.power_w * percent / 100 + one.value.scaler_unit.resolution + resting_w
        trial.judge(shows_power(one.value.value, one.power_w, uncertainty_w), one.value.frame)
