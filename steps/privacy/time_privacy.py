"""Which time the data come with that are read for a consumer."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from pytest_bdd import then, when

from harness.checks.profile import ProfileRow
from harness.checks.value import number_of
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.profiles import moment_of
from harness.headend.registers import DateTime, clock_of, read_clock, read_list, read_scaler_unit
from harness.headend.rights.privacy_requests import Data, is_nothing
from harness.run.trial import Trial
from steps.metering.demand_period import demand_period_s
from steps.metering.profiles import profile_of
from steps.polling.reading import energy_items, lists_are_offered

_VALUE = 2
_INVALID_OR_DOUBTFUL = 0x03
_NOT_SPECIFIED = 0xFF
_HIGHER = Decimal("1.2")
_LEAST_LOAD_W = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedList:
    """Registers in one list with the clock, between two readings of the clock."""

    before: DateTime
    listed: DateTime
    after: DateTime
    frame: int


@when(
    "the head end reads the energy registers in one list with the clock, between two readings of the clock",
    target_fixture="timed_list",
)
def reads_list_with_time(trial: Trial, client: Client) -> TimedList:
    lists_are_offered(client)
    clock = trial.object("clock")
    wanted = [item(clock, _VALUE), *(item(register, _VALUE) for register in energy_items(trial))]
    before = read_clock(client, clock)
    time, *values = read_list(client, wanted)
    if time.data is None or not any(one.data for one in values):
        raise Inconclusive(f"the list gives {time.error or 'a time'} and no register", missing="device")
    return TimedList(
        before=before, listed=clock_of(time.data), after=read_clock(client, clock), frame=client.conversation.frame
    )


@then("the time in the list lies between them")
def time_lies_between(trial: Trial, timed_list: TimedList) -> None:
    before, after = timed_list.before.comparable(), timed_list.after.comparable()
    if before is None or after is None:
        raise Inconclusive(f"the clock says {timed_list.before}, which is no fully specified time", missing="device")
    listed = timed_list.listed.comparable()
    tolerance = timedelta(seconds=trial.declaration.clock.tolerance_s)
    if listed is None or not before - tolerance <= listed <= after + tolerance:
        raise trial.fail(
            expected=f"a time between {timed_list.before} and {timed_list.after}",
            observed=f"{timed_list.listed}",
            frame=timed_list.frame,
        )


@then("the time in the list is marked as doubtful or not given")
def time_is_doubtful(trial: Trial, client: Client, timed_list: TimedList) -> None:
    status = timed_list.listed.clock_status
    if timed_list.listed.comparable() is None or (status != _NOT_SPECIFIED and status & _INVALID_OR_DOUBTFUL):
        return
    attribute = number_of(client.read(item(trial.object("clock"), 4)))
    if status == _NOT_SPECIFIED and int(attribute) & _INVALID_OR_DOUBTFUL:
        return
    raise trial.fail(
        expected="a time that was lost to be marked as doubtful, or not to be given",
        observed=f"{timed_list.listed}, clock status {int(attribute):02X}",
        frame=timed_list.frame,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """A maximum demand and when it was reached."""

    value: Data
    captured_at: DateTime | None
    """None where nothing is given."""
    now: DateTime
    frame: int


@when("the head end reads the maximum demand, its capture time and the clock", target_fixture="maximum")
def reads_maximum(trial: Trial, client: Client) -> Maximum:
    register = trial.object("max_demand_import")
    value = client.read(item(register, _VALUE))
    captured = client.read(item(register, 5))
    frame = client.conversation.frame
    now = read_clock(client, trial.object("clock"))
    captured_at = None if is_nothing(captured) else clock_of(captured).beside(now)
    return Maximum(value=value, captured_at=captured_at, now=now, frame=frame)


@then("the capture time is a full one and not in the future")
def capture_time_is_full(trial: Trial, client: Client, maximum: Maximum) -> None:
    if maximum.captured_at is None and number_of(maximum.value) == 0:
        raise Inconclusive("there has been no demand yet, so it has no time", missing="device")
    if is_of_the_future(trial, maximum):
        maximum = renewed(trial, client, maximum)
    if is_of_the_future(trial, maximum) is not False:
        raise trial.fail(
            expected=f"the time at which the maximum was reached, {maximum.now} at the latest",
            observed=f"{maximum.captured_at or 'no time'}",
            frame=maximum.frame,
        )


def is_of_the_future(trial: Trial, maximum: Maximum) -> bool | None:
    """Whether the maximum's time is still to come; None where it is no full time."""
    captured = None if maximum.captured_at is None else maximum.captured_at.comparable()
    now = maximum.now.comparable()
    if now is None:
        raise Inconclusive(f"the clock says {maximum.now}, which is no fully specified time", missing="device")
    if captured is None:
        return None
    return captured > now + timedelta(seconds=trial.declaration.clock.tolerance_s)


def renewed(trial: Trial, client: Client, maximum: Maximum) -> Maximum:
    """Have a higher maximum reached: the clock may have been set back since the old one, as the run itself does."""
    if not trial.may_vary_load:
        if "sets_clock" in trial.declaration.effects.allowed:
            raise Inconclusive(
                f"the maximum is of {maximum.captured_at}; the clock may have been set back since, and the bench "
                "cannot reach a higher one",
                missing="bench",
            )
        return maximum
    register = trial.object("max_demand_import")
    scale = Decimal(10) ** read_scaler_unit(client, register, trial.clause).scaler
    trial.apply_load(max(number_of(maximum.value) * scale * _HIGHER, _LEAST_LOAD_W))
    trial.let_pass(2 * demand_period_s(trial, client) + 1, client)
    return reads_maximum(trial, client)


@then("each of them has a full time of its own, and none is in the future")
def rows_have_times(trial: Trial, client: Client, newest_rows: list[ProfileRow]) -> None:
    now = moment_of(read_clock(client, trial.object("clock")))
    tolerance = timedelta(seconds=trial.declaration.clock.tolerance_s)
    times = [row.time for row in newest_rows]
    if len(set(times)) < len(times) // 2:
        raise trial.fail(
            expected="a time of its own for each row", observed=f"{len(set(times))} times for {len(times)} rows"
        )
    if times[-1] <= now + tolerance:
        return
    profile = profile_of(trial, client)
    if trial.bench.time is not None and profile.period_s:
        # The clock may have been set back since that row; then the next one is right again.
        trial.let_pass(profile.period_s + 1, client)
        now = moment_of(read_clock(client, trial.object("clock")))
        if profile.whole()[-1].time <= now + tolerance:
            return
    raise trial.fail(expected=f"no row after {now}", observed=f"a row of {times[-1]}")
