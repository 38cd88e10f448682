"""The device's own schedule of its billing sets: what it names is what has to happen."""

from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from harness.checks.data_sets import came_since
from harness.checks.profile import same_rows
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.data_sets import next_execution
from harness.run.trial import Trial
from steps.metering.calendar import calendar_of
from steps.metering.data_sets import SetsSeen, live_over
from steps.metering.set_disturbances import write_schedule

_TIMES = 4
_CLEAR = timedelta(days=1)


@given(parsers.parse("the billing set is scheduled for {hour:d}:{minute:d} of each day"))
def set_is_scheduled(trial: Trial, client: Client, hour: int, minute: int) -> None:
    write_schedule(trial, client, hour, minute)


@when("the next time that the billing schedule names passes", target_fixture="seen")
def scheduled_time_passes(trial: Trial, client: Client) -> SetsSeen:
    with trial.basis():
        zone = calendar_of(trial, client)
        times = client.read(item(trial.object("billing_schedule"), _TIMES))
        nominal = next_execution(zone, trial.metering_now(client) + _CLEAR, times)
    if nominal is None:
        raise Inconclusive("the billing schedule names no time to come", missing="device")
    return live_over(trial, client, "month", nominal)


@when("the supply is cut and comes back")
def supply_is_cut(trial: Trial, client: Client) -> None:
    power = trial.power
    trial.at_the_end(power.restore)
    power.cut()
    trial.time.advance(_CLEAR.total_seconds() / 1440)
    power.restore()
    trial.head_end.associate_again(client)


@then("read again after the cut the set is the same")
def set_is_the_same(trial: Trial, client: Client, seen: SetsSeen) -> None:
    again = came_since(seen.before.rows, seen.sets.newest())
    trial.judge(same_rows(seen.rows, again[: len(seen.rows)]), client.conversation.frame)
