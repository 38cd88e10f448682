"""Shifts within a day: the tariff shown, and the register that runs, on both sides of one."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pytest_bdd import parsers, then, when

from harness.checks.tariff import shows
from harness.errors import Inconclusive
from harness.headend.calendar import Zone
from harness.headend.client import Client, item
from harness.headend.data import Data
from harness.run.trial import Trial
from steps.tariff.booking import energies, judge_amount, judge_energy
from steps.tariff.calendar import READING, Tariffs, margin, shown_values

_VALUE = 2
_BEFORE_S = 300.0
_AFTER_MIDNIGHT = timedelta(seconds=60)
_UNDISTURBED = timedelta(hours=1)
"""For so long after a shift its tariff is judged; a clock that is set may leap over as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifting:
    """A shift to another tariff at an instant."""

    at: datetime


@when(
    parsers.parse("shift times with a shift about {seconds:d} seconds ahead are put into force"),
    target_fixture="shifting",
)
def shift_ahead(trial: Trial, client: Client, tariffs: Tariffs, seconds: int) -> Shifting:
    now = trial.metering_now(client)
    if not _of_one_day(tariffs.zone, now, now + timedelta(seconds=seconds) + _UNDISTURBED):
        trial.reach(tariffs.zone.next_midnight(now) + _AFTER_MIDNIGHT, client)
        now = trial.metering_now(client)
    at = _full_minute(now + timedelta(seconds=seconds))
    with trial.basis():
        part = tariffs.before.following(
            tariffs.shift_to[tariffs.now_rate].at(time()),
            tariffs.shift_to[tariffs.other_rate].at(tariffs.zone.local(at).time()),
        )
        tariffs.calendar.send(part)
        tariffs.calendar.activate()
    return Shifting(at=at)


@then("energy goes to the register of the tariff before it, and that tariff is shown until then")
def before_shift(trial: Trial, client: Client, tariffs: Tariffs, shifting: Shifting) -> None:
    trial.reach(shifting.at - timedelta(seconds=trial.span_s(_BEFORE_S)), client)
    before = energies(trial, client)
    lead = timedelta() if trial.time_moves_by_hand else READING
    trial.reach(shifting.at - margin(trial) - lead, client)
    shown = read_shown(trial, client)
    after = energies(trial, client)
    if trial.metering_now(client) > shifting.at - margin(trial):
        raise Inconclusive("reading took longer than the time left", missing="bench")
    trial.judge(shows(shown, shown_values(trial)[tariffs.now_rate]))
    judge_energy(trial, before, after, tariffs.now_rate)


@then("energy goes to the register of the tariff after it, and that tariff is shown from then on")
def after_shift(trial: Trial, client: Client, tariffs: Tariffs, shifting: Shifting) -> None:
    trial.reach(shifting.at + margin(trial), client)
    judge_shown(trial, client, tariffs.other_rate)
    before = energies(trial, client)
    trial.let_pass(trial.span_s(_BEFORE_S), client)
    judge_energy(trial, before, energies(trial, client), tariffs.other_rate)


@then("what flows until the shift goes to the register of the tariff before it, what flows then to that after it")
def energy_around_shift(trial: Trial, client: Client, tariffs: Tariffs, shifting: Shifting) -> None:
    around = timedelta(seconds=trial.span_s(_BEFORE_S))
    trial.reach(shifting.at - around, client)
    began = trial.metering_now(client)
    before = energies(trial, client)
    trial.reach(shifting.at + around, client)
    after = energies(trial, client)
    ended = trial.metering_now(client)
    if began > shifting.at - around / 2:
        raise Inconclusive("reading took longer than the time left", missing="bench")
    uncertainty_s = before.took_s + after.took_s + margin(trial).total_seconds()
    spans = ((tariffs.now_rate, shifting.at - began), (tariffs.other_rate, ended - shifting.at))
    for rate, span in spans:
        moved = after.rates[rate] - before.rates[rate]
        resolution = before.resolutions[rate + 1]
        judge_amount(trial, moved, resolution, span.total_seconds(), uncertainty_s=uncertainty_s)


@when("the power is off over the shift")
def power_off_over_shift(trial: Trial, client: Client, shifting: Shifting) -> None:
    trial.reach(shifting.at - timedelta(seconds=60), client)
    trial.head_end.close_all()
    trial.power.cut()
    trial.at_the_end(trial.power.restore)
    trial.time.advance(120)
    trial.power.restore()
    client.establish()


def read_shown(trial: Trial, client: Client) -> Data:
    """Read the indication."""
    return client.read(item(trial.object("active_tariff"), _VALUE))


def judge_shown(trial: Trial, client: Client, rate: int) -> None:
    """The indication names the tariff at a position."""
    trial.judge(shows(read_shown(trial, client), shown_values(trial)[rate]))


def _of_one_day(zone: Zone, first: datetime, last: datetime) -> bool:
    """Neither midnight, where the tables of a day begin anew, nor a change of summer time lies in between."""
    return zone.local(first).date() == zone.local(last).date() and zone.offset(first) == zone.offset(last)


def _full_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0) + timedelta(minutes=1)
