"""Tariffs while something gets in the way: a clock that is set or lost, tables in blocks, times without a year."""

from datetime import datetime, time, timedelta

from pytest_bdd import parsers, then, when

from harness.errors import Inconclusive, NotApplicable
from harness.headend.blocks import sends_blocks
from harness.headend.client import Client
from harness.headend.data import encoded
from harness.headend.requests import attribute_of, first_block_of_set
from harness.headend.rights.write_paths import WritePath, attempt_write
from harness.headend.stimuli.provoke import provoke
from harness.headend.tariff.calendar import PASSIVE_DAYS, Part
from harness.headend.tariff.composed import composed
from harness.headend.tariff.shift_times import designated
from harness.run.trial import Trial
from steps.tariff.booking import energies, judge_energy
from steps.tariff.calendar import (
    Sent,
    Tariffs,
    deviation_of,
    in_force,
    judge_found,
    judge_in_force,
    judge_part,
    margin,
    other_all_day,
    shown_values,
)
from steps.tariff.days import of_day, put_in_force
from steps.tariff.refusing import judge_refusal, refusal
from steps.tariff.shifts import Shifting, judge_shown

_AHEAD = timedelta(seconds=120)
_BOOKED_S = 300.0
_SEVERAL = (time(), time(6), time(12), time(18))


# A clock that is set


@then("the new ones have come into force")
def have_come(trial: Trial, client: Client, tariffs: Tariffs, sent: Sent) -> None:
    trial.let_pass(margin(trial).total_seconds(), client)
    judge_in_force(trial, client, tariffs, new=sent.part)


@then("the tariff after the shift is shown")
def shows_after(trial: Trial, client: Client, tariffs: Tariffs) -> None:
    trial.let_pass(margin(trial).total_seconds(), client)
    judge_shown(trial, client, tariffs.other_rate)


@then("the tariff before the shift is shown again, if that is declared")
def shows_before(trial: Trial, client: Client, tariffs: Tariffs, shifting: Shifting) -> None:
    trial.let_pass(margin(trial).total_seconds(), client)
    followed = trial.declaration.tariff.clock_set_back == "followed"
    judge_shown(trial, client, tariffs.now_rate if followed else tariffs.other_rate)
    if trial.metering_now(client) > shifting.at - margin(trial):
        raise Inconclusive("reading took longer than the time left to the shift", missing="bench")


@then("once its time has come again the tariff after it is shown")
def shows_after_again(trial: Trial, client: Client, tariffs: Tariffs, shifting: Shifting) -> None:
    trial.reach(shifting.at + margin(trial), client)
    judge_shown(trial, client, tariffs.other_rate)


# A clock that is lost


def default_rate(trial: Trial) -> int:
    """Position of the tariff that is in force without time."""
    declared = trial.declaration.tariff.default_rate
    if declared is None:
        raise Inconclusive("the tariff without time is not declared (tariff.default_rate)", missing="declaration")
    if declared not in shown_values(trial):
        raise Inconclusive(f"tariff.default_rate {declared} is no declared tariff", missing="declaration")
    return shown_values(trial).index(declared)


@when("shift times with another tariff than the default one are put into force")
def not_default_one(trial: Trial, tariffs: Tariffs) -> None:
    default = default_rate(trial)
    rate = next(rate for rate in tariffs.shift_to if rate != default)
    part, _ = composed(tariffs.before, [of_day(tariffs, [(time(), rate)])])
    put_in_force(trial, tariffs, part)


@then("the default tariff is shown, and energy goes to its register")
def default_is_shown(trial: Trial, client: Client) -> None:
    rate = default_rate(trial)
    trial.let_pass(margin(trial).total_seconds(), client)
    judge_shown(trial, client, rate)
    before = energies(trial, client)
    trial.let_pass(_BOOKED_S, client)
    judge_energy(trial, before, energies(trial, client), rate)


@then("the tariff of the calendar is shown again")
def calendar_again(trial: Trial, client: Client, tariffs: Tariffs) -> None:
    trial.let_pass(margin(trial).total_seconds(), client)
    judge_shown(trial, client, next(rate for rate in tariffs.shift_to if rate != default_rate(trial)))


# A designated time without a year


@when("a time in two minutes is designated without a year", target_fixture="any_year")
def without_year(trial: Trial, client: Client, tariffs: Tariffs) -> tuple[datetime, str | None]:
    at = (trial.metering_now(client) + _AHEAD).replace(microsecond=0)
    time_data = designated(at, deviation_of(tariffs.zone, at), any_year=True)
    return at, refusal(lambda: tariffs.calendar.designate(time_data))


@then("it is refused, or acts when its time comes, as declared")
def refused_or_acts(
    trial: Trial, client: Client, tariffs: Tariffs, part: Part, any_year: tuple[datetime, str | None]
) -> None:
    (at, answer), declared = any_year, trial.declaration.tariff.wildcard_activation
    if declared == "taken" and answer is not None:
        raise trial.fail(expected="a time without a year to be taken (tariff.wildcard_activation)", observed=answer)
    if declared == "refused" or answer is not None:
        judge_refusal(trial, answer, "value_out_of_range", "wrong_type")
    before = in_force(trial, client, tariffs)
    if trial.metering_now(client) > at - margin(trial):
        raise Inconclusive("reading took longer than the time left", missing="bench")
    judge_found(trial, tariffs, before, new=None)
    trial.reach(at + margin(trial), client)
    found = in_force(trial, client, tariffs)
    if answer is None and declared is None and found == before:
        raise Inconclusive(
            "a time without a year was taken and did not act, and nothing is declared of it "
            "(tariff.wildcard_activation)",
            missing="declaration",
        )
    judge_found(trial, tariffs, found, new=part if answer is None else None)


# Tables in blocks


def blocks_are_offered(client: Client) -> None:
    """End the scenario where long values cannot be sent in blocks."""
    if not sends_blocks(client):
        raise NotApplicable("no values in blocks", item="associations.conformance")


@when("shift times are sent whose days come in blocks", target_fixture="part")
def days_in_blocks(trial: Trial, client: Client, tariffs: Tariffs) -> Part:
    blocks_are_offered(client)
    rates = (tariffs.now_rate, tariffs.other_rate)
    shifts = [(at, rates[number % 2]) for number, at in enumerate(_SEVERAL)]
    part, _ = composed(tariffs.before, [of_day(tariffs, shifts)])
    tariffs.calendar.send(part)
    days = attribute_of(tariffs.calendar.target, PASSIVE_DAYS)
    # What was written before must be overwritten for the blocks to show.
    client.set((days, None), other_all_day(tariffs).days)
    got = attempt_write(client, WritePath.SET_BLOCKS, days, encoded(part.days))
    if got.name != "data":
        raise trial.fail(expected="days in blocks taken", observed=got.description, frame=got.frame)
    return part


@then("they are the passive ones, to the last octet, and can be put into force")
def are_passive(trial: Trial, tariffs: Tariffs, part: Part) -> None:
    judge_part(trial, tariffs.calendar.passive(), part, "the passive shift times as they were sent")
    put_in_force(trial, tariffs, part)
    judge_part(trial, tariffs.calendar.active(), part, "the new shift times in force")


@when(
    parsers.parse("shift times with another tariff at all times are sent, and of other days after them only a block"),
    target_fixture="part",
)
def only_a_block(trial: Trial, client: Client, tariffs: Tariffs) -> Part:
    blocks_are_offered(client)
    part = other_all_day(tariffs)
    tariffs.calendar.send(part)
    days = encoded(tariffs.before.following(tariffs.shift_to[tariffs.now_rate].at(time())).days)
    invoke = client.services.next_invoke()
    begun = first_block_of_set(tariffs.calendar.target, PASSIVE_DAYS, days[: max(1, len(days) - 1)], invoke)
    provoke(client.conversation, begun, invoke)
    client.drop()
    trial.head_end.associate_again(client)
    return part


@then("those of before it are the passive ones still, and can be put into force")
def before_block_still(trial: Trial, client: Client, tariffs: Tariffs, part: Part) -> None:
    judge_part(trial, tariffs.calendar.passive(), part, "the passive shift times of before the block")
    judge_in_force(trial, client, tariffs, new=None)
    tariffs.calendar.activate()
    trial.let_pass(margin(trial).total_seconds(), client)
    judge_in_force(trial, client, tariffs, new=part)


# An outage after an activation


@when("they are activated, and others are sent after them", target_fixture="in_force_part")
def activated_and_others_sent(tariffs: Tariffs, part: Part) -> Part:
    tariffs.calendar.activate()
    tariffs.calendar.send(_sent_since(tariffs))
    return part


def _sent_since(tariffs: Tariffs) -> Part:
    return tariffs.before.following(tariffs.shift_to[tariffs.now_rate].at(time()))


@when("the power is off for two minutes")
def power_off(trial: Trial, client: Client) -> None:
    trial.head_end.close_all()
    trial.power.cut()
    trial.at_the_end(trial.power.restore)
    trial.time.advance(_AHEAD.total_seconds())
    trial.power.restore()
    client.establish()


@then("those that were activated are still in force")
def activated_still(trial: Trial, client: Client, tariffs: Tariffs, in_force_part: Part) -> None:
    trial.let_pass(margin(trial).total_seconds(), client)
    judge_in_force(trial, client, tariffs, new=in_force_part)


@then("those that were sent since are the passive ones")
def sent_since_is_passive(trial: Trial, tariffs: Tariffs) -> None:
    judge_part(trial, tariffs.calendar.passive(), _sent_since(tariffs), "the passive shift times of before the outage")
