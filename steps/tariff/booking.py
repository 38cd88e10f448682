"""Energy and the registers of the tariffs: which of them runs, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pytest_bdd import then

from harness.checks.energy import follows_load
from harness.checks.tariff import only_one_grows, sum_moves_with_total
from harness.declaration import CosemObject
from harness.errors import Inconclusive
from harness.headend.client import Client
from harness.run.trial import Trial
from steps.metering.energy import read_energy
from steps.tariff.calendar import shown_rate

_BOOKED_S = 300.0
_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What the total and each tariff register show, in Wh, and when they were read."""

    total: Decimal
    rates: tuple[Decimal, ...]
    resolutions: tuple[Decimal, ...]
    """Of the total and the tariff registers."""
    began_s: float
    ended_s: float

    @property
    def took_s(self) -> float:
        """How long reading took."""
        return self.ended_s - self.began_s


def energies(trial: Trial, client: Client) -> Booked:
    """Read the total and each tariff register."""
    targets: Sequence[CosemObject] = (trial.object("energy_import_total"), *trial.objects("energy_import_tariffs"))
    began_s = trial.elapsed_s()
    total, *rates = [read_energy(trial, client, target) for target in targets]
    return Booked(
        total=total.value,
        rates=tuple(one.value for one in rates),
        resolutions=tuple(one.scaler_unit.resolution for one in (total, *rates)),
        began_s=began_s,
        ended_s=trial.elapsed_s(),
    )


def judge_energy(trial: Trial, before: Booked, after: Booked, rate: int) -> None:
    """Between two readings one tariff register has run, with the total and with the load."""
    total = after.total - before.total
    moved = [late - early for late, early in zip(after.rates, before.rates, strict=True)]
    reading_s = before.took_s + after.took_s
    apart_wh = trial.applied_w * Decimal(str(reading_s + trial.declaration.metering.freshness_s)) / _SECONDS_AN_HOUR
    trial.judge(only_one_grows(moved, rate, before.resolutions[1:], total=total))
    trial.judge(sum_moves_with_total(moved, total, before.resolutions, apart_wh=apart_wh))
    if trial.applied_w > 0:
        seconds = (after.began_s + after.ended_s - before.began_s - before.ended_s) / 2
        judge_amount(trial, moved[rate], before.resolutions[rate + 1], seconds, uncertainty_s=reading_s)


def judge_amount(
    trial: Trial, moved_wh: Decimal, resolution_wh: Decimal, seconds: float, *, uncertainty_s: float
) -> None:
    """A register has moved by what the load amounts to in that time, which is known to ``uncertainty_s``."""
    due = trial.expectation(seconds=Decimal(str(seconds)), resolution_wh=resolution_wh)
    more = due.time_uncertainty_s + Decimal(str(uncertainty_s))
    trial.judge(follows_load(moved_wh, replace(due, time_uncertainty_s=more)))


@then("energy goes to the register of the tariff shown and to no other")
def energy_goes_there(trial: Trial, client: Client) -> None:
    rate = shown_rate(trial, client)
    before = energies(trial, client)
    trial.let_pass(trial.span_s(_BOOKED_S), client)
    after = energies(trial, client)
    if shown_rate(trial, client) != rate:
        raise Inconclusive("the tariff changed while energy was measured", missing="bench")
    judge_energy(trial, before, after, rate)
