"""The rate of a slave, requests that it cannot understand on the line, and requests for its alarms."""

from functools import partial

from pytest_bdd import parsers, then, when

from harness.headend.mbus import Reading
from harness.headend.mbus.rates import (
    alarms,
    answers_here,
    come_back,
    left_alone,
    other_rates,
    readings_at,
    sent_otherwise,
)
from harness.run.trial import Trial
from steps.mbus.commands import stays_silent
from steps.mbus.reading import master_of, unmoved


def _may_change(trial: Trial) -> None:
    """Make sure that rates can be changed, and that the slave is at its first one in the end."""
    master = master_of(trial)
    other_rates(master)
    trial.at_the_end(partial(come_back, master))


@then("it follows to every declared rate and back")
def follows(trial: Trial, reading: Reading) -> None:
    _may_change(trial)
    master = master_of(trial)
    for baud, answers in readings_at(master):
        if not answers:
            raise trial.fail(
                expected=f"the change to {baud} baud to be acknowledged, and a reading there",
                observed="no answer",
                frame=master.last_record,
            )


@then("no register moves over every declared rate and back")
def unmoved_by_rates(trial: Trial, reading: Reading) -> None:
    _may_change(trial)
    master = master_of(trial)
    unmoved(trial, reading, lambda: [None for _ in readings_at(master)], "changes of the rate")


@when("it is left alone at another rate for as long as is declared")
def left(trial: Trial, reading: Reading) -> None:
    _may_change(trial)
    left_alone(master_of(trial))


@then("it answers at its first rate")
def answers_again(trial: Trial) -> None:
    master = master_of(trial)
    if not answers_here(master):
        come_back(master)
        raise trial.fail(
            expected=f"an answer at the first rate, {master.settings.falls_back_after_s:g} s after the last request",
            observed="no answer",
            frame=master.last_record,
        )


@then(parsers.parse("a request sent {how} is not answered and the next good one is"))
def not_understood(trial: Trial, how: str) -> None:
    stays_silent(trial, f"a request sent {how}", lambda: sent_otherwise(master_of(trial), how))


@then("a request for alarms is answered")
def alarms_answered(trial: Trial) -> None:
    master = master_of(trial)
    ask = partial(alarms, master)
    told = master.judge.judged("a request for alarms", ask, ask, lambda: master.last_record)
    trial.remarks.append("no alarm" if told is None else f"alarm {told.hex(' ')}")
