"""A clock that nobody sets: through an outage, over a long time, and when it has lost its time."""

from pytest_bdd import given, then, when

from harness.checks.clock import INVALID, says_valid
from harness.checks.clock_setting import Reading, drifts, off_from
from harness.errors import Inconclusive
from harness.headend.client import Client
from harness.headend.registers import read_clock_status
from harness.run.trial import Trial
from steps.clock.events import Logs, event_of
from steps.clock.setting import Moved, clock_of_trial, judge_clock, look, set_to, unmoved

_OUTAGE_S = 120
_READINGS_OF_DRIFT = 8
_NOT_SPECIFIED = 0xFF


@given("what the clock shows is known", target_fixture="known_clock")
def clock_is_known(trial: Trial, client: Client) -> Reading:
    return look(trial, client)


@when("the supply is cut for 120 seconds")
def supply_cut(trial: Trial, client: Client) -> None:
    trial.at_the_end(trial.power.restore)
    client.drop()
    trial.power.cut()
    trial.time.advance(_OUTAGE_S)
    trial.power.restore()
    trial.head_end.associate_again(client)


@then("the clock has gone on meanwhile")
def has_gone_on(trial: Trial, client: Client, known_clock: Reading) -> None:
    judge_clock(trial, client, unmoved(known_clock), f"{_OUTAGE_S} s without supply")


@when("the declared time for a drift to show passes", target_fixture="later_clock")
def drift_time_passes(trial: Trial, client: Client) -> list[Reading]:
    seconds, longest_s = trial.declaration.clock.drift_wait_s, trial.declaration.bench.longest_wait_s
    if not trial.time_moves_by_hand and seconds > longest_s:
        raise Inconclusive(
            f"a drift shows after {seconds} s; longer than {longest_s:g} s is not waited "
            "(clock.drift_wait_s, bench.longest_wait_s)",
            missing="bench",
        )
    readings = []
    for _ in range(_READINGS_OF_DRIFT):
        trial.let_pass(seconds / _READINGS_OF_DRIFT, client)
        readings.append(look(trial, client))
    return readings


@then("the clock has drifted no more than declared")
def has_not_drifted(trial: Trial, client: Client, known_clock: Reading, later_clock: list[Reading]) -> None:
    limit = trial.declaration.clock.drift_s_per_day
    if limit is None:
        raise Inconclusive("the declaration does not say clock.drift_s_per_day", missing="declaration")
    runs = [off_from(unmoved(known_clock), reading) for reading in later_clock]
    trial.plot(
        "clock deviation",
        {
            "elapsed_s": [0.0, *((reading.began - known_clock.ended).total_seconds() for reading in later_clock)],
            "off_s": [0.0, *(run.off_s for run in runs)],
            "uncertainty_s": max(run.uncertainty_s for run in runs),
            "limit_s_per_day": limit,
        },
    )
    # What the computer's own clock is off by stays the same over the wait.
    found = drifts(known_clock, later_clock[-1], limit_s_per_day=limit, uncertainty_s=0.0)
    trial.judge(found, client.conversation.frame)


@when("the clock loses its time")
def loses_time(trial: Trial) -> None:
    trial.disturbance.invalidate_clock()


@then("its status says so")
def status_says_invalid(trial: Trial, client: Client) -> None:
    reading = look(trial, client)
    status = read_clock_status(client, clock_of_trial(trial))
    shown = reading.time.clock_status
    if not status & INVALID or (shown != _NOT_SPECIFIED and not shown & INVALID):
        raise trial.fail(
            expected="the bit for an invalid time in the status and in the time",
            observed=f"status {status:02X}, time {reading.time}",
            frame=client.conversation.frame,
        )


@when("the clock is set anew", target_fixture="moved_clock")
def set_anew(trial: Trial, client: Client) -> Moved:
    return set_to(trial, client, look(trial, client).time.later(5), "anew")


@then("its status calls the time valid")
def status_says_valid(trial: Trial, client: Client) -> None:
    reading = look(trial, client)
    found = says_valid(reading.time, read_clock_status(client, clock_of_trial(trial)))
    trial.judge(found, client.conversation.frame)


@then("the log has one event of the lost time")
def has_lost_time(trial: Trial, client: Client, clock_logs: Logs) -> None:
    entries = clock_logs.since(trial, client, "clock_invalid")
    if len(entries) != 1:
        raise trial.fail(
            expected=f"one event {event_of(trial, 'clock_invalid')[0]}",
            observed=f"{len(entries)} of them",
            frame=client.conversation.frame,
        )
