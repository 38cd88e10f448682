"""Energy at the consumer port in the direction in which it flows, and none in the other one."""

from decimal import Decimal

from pytest_bdd import given, parsers, then

from harness.checks.energy import follows_load
from harness.errors import NotApplicable
from harness.headend.client import Client
from harness.headend.consumer import Address, Told
from harness.run.trial import Trial
from steps.consumer.facts import quantity_of
from steps.consumer.listening import newest
from steps.metering.registration import apply

_IN, _OUT = 1, 2
_HOUR_S = Decimal(3600)
_STEPS_TO_BE_SEEN = 20
_SHORTEST_RUN_S = 600


@given(parsers.parse("{export_w:d} W flow out and nothing flows in"))
def only_out(trial: Trial, export_w: int) -> None:
    apply(trial, 0, export_w)
    trial.applied_w = Decimal(export_w)


def _registers(telegram: Told, group: int) -> list[Address]:
    """The registers of energy in one direction: the total, else those of the tariffs."""
    found = [one for one in telegram.addresses if (one.a, one.b, one.c, one.d) == (1, 0, group, 8)]
    return [one for one in found if one.e == 0] or found


def _sum(trial: Trial, telegram: Told, registers: list[Address], frame: int) -> tuple[Decimal, Decimal]:
    """Energy and resolution in Wh."""
    found = [quantity_of(trial, telegram, one, "Wh", frame) for one in registers]
    return sum((one.in_base_unit for one in found), Decimal(0)), sum((one.resolution for one in found), Decimal(0))


@then("energy out rises in the telegrams as the load has it, and energy in stands still")
def out_follows_load(trial: Trial, client: Client) -> None:
    first, frame = newest(trial)
    out, into = _registers(first, _OUT), _registers(first, _IN)
    if not out or not into:
        raise NotApplicable("energy of both directions stands in no telegram", item="doors.objects")
    began = trial.time.now()
    (out_before, resolution), (in_before, finest) = (_sum(trial, first, one, frame) for one in (out, into))
    steps_s = int(_STEPS_TO_BE_SEEN * resolution * _HOUR_S / trial.applied_w)
    trial.let_pass(max(_SHORTEST_RUN_S, steps_s), client)
    last, frame = newest(trial)
    passed = Decimal(str((trial.time.now() - began).total_seconds()))
    moved = _sum(trial, last, out, frame)[0] - out_before
    trial.judge(follows_load(moved, trial.expectation(seconds=passed, resolution_wh=resolution)), frame)
    moved_in = _sum(trial, last, into, frame)[0] - in_before
    if abs(moved_in) > finest:
        raise trial.fail(expected=f"no energy in, within {finest} Wh", observed=f"{moved_in} Wh", frame=frame)
