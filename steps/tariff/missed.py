"""Several shifts that come while there is no power: only the last of them counts when it returns."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pytest_bdd import parsers, then, when

from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client
from harness.headend.tariff.composed import composed
from harness.run.trial import Trial
from steps.metering.captures import cut_for
from steps.tariff.booking import energies, judge_energy
from steps.tariff.calendar import Tariffs, margin
from steps.tariff.days import of_day
from steps.tariff.shifts import judge_shown

_APART, _AHEAD, _AROUND = timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=1)
_BOOKED_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Shifts close to each other."""

    times: tuple[datetime, ...]
    rate: int
    """Position of the tariff that the last of them leads to."""


@when(
    parsers.parse("shift times with {count:d} shifts close to each other are put into force"), target_fixture="missed"
)
def shifts_close(trial: Trial, client: Client, tariffs: Tariffs, count: int) -> Missed:
    """They lead to the other tariff and back in turn, soon, and on one day."""
    declared = trial.declaration.tariff.switches
    if declared is not None and declared <= count:
        raise NotApplicable(f"a day has at most {declared} shifts", item="tariff.switches")
    first = _soon(trial, client)
    if tariffs.zone.local(first).date() != tariffs.zone.local(first + count * _APART).date():
        trial.reach(tariffs.zone.next_midnight(trial.metering_now(client)) + _AROUND, client)
        first = _soon(trial, client)
    times = tuple(first + number * _APART for number in range(count))
    rates = [(tariffs.other_rate, tariffs.now_rate)[number % 2] for number in range(count)]
    shifts = [(tariffs.zone.local(at).time(), rate) for at, rate in zip(times, rates, strict=True)]
    part, _ = composed(tariffs.before, [of_day(tariffs, [(time(), tariffs.now_rate), *shifts])])
    with trial.basis():
        tariffs.calendar.send(part)
        tariffs.calendar.activate()
    return Missed(times=times, rate=rates[-1])


def _soon(trial: Trial, client: Client) -> datetime:
    return (trial.metering_now(client) + _AHEAD).replace(second=0, microsecond=0)


@when("the power is off over all of them")
def off_over_all(trial: Trial, client: Client, missed: Missed) -> None:
    trial.reach(missed.times[0] - _AROUND, client)
    if trial.metering_now(client) > missed.times[0]:
        raise Inconclusive("the first shift has come before the power could be cut", missing="bench")
    cut_for(trial, client, (missed.times[-1] - missed.times[0] + 2 * _AROUND).total_seconds())


@then("the tariff of the last of them is shown, and energy goes to its register")
def last_counts(trial: Trial, client: Client, missed: Missed) -> None:
    trial.reach(missed.times[-1] + margin(trial), client)
    judge_shown(trial, client, missed.rate)
    before = energies(trial, client)
    trial.let_pass(trial.span_s(_BOOKED_S), client)
    judge_energy(trial, before, energies(trial, client), missed.rate)
