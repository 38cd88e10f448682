"""Energy and load: what a register must have counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.energy import follows_load, snapshot_is_consistent, stands_still
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.profiles import moment_of
from harness.headend.registers import RegisterValue, number_in, read_clock, read_list, read_register
from harness.run.trial import Trial
from steps.profiles import profile_of

_STEPS_TO_BE_SEEN = 40
_LONGEST_RUN_S = 3600
_LOAD_W = Decimal(3000)
_VALUE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two readings and the metering time between them."""

    before: RegisterValue
    after: RegisterValue
    seconds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstRow:
    """A reading and the newest profile row, both in Wh, and the time between them."""

    reading: RegisterValue
    row_wh: Decimal
    seconds: Decimal


@given(parsers.parse("a load of {watts:d} W import"))
def load_of(trial: Trial, watts: int) -> None:
    trial.apply_load(Decimal(watts))


@when(
    parsers.parse('"{role}" is read before and after the load has run long enough to be seen'),
    target_fixture="difference",
)
def read_around_load(trial: Trial, client: Client, role: str) -> Difference:
    before = read_register(client, trial.object(role), trial.clause)
    steps_wh = _STEPS_TO_BE_SEEN * before.scaler_unit.resolution
    seconds = max(60, int(steps_wh * 3600 / trial.applied_w))
    if seconds > _LONGEST_RUN_S and not trial.time_moves_by_hand:
        raise Inconclusive(
            f"{steps_wh} Wh at {trial.applied_w} W take {seconds} s, longer than {_LONGEST_RUN_S} s", missing="bench"
        )
    return read_again(trial, client, before, seconds)


def read_again(trial: Trial, client: Client, before: RegisterValue, seconds: float) -> Difference:
    """Let metering time pass and read the same register once more."""
    began = trial.time.now()
    trial.time.advance(seconds)
    after = read_register(client, before.target, trial.clause)
    passed = Decimal(str((trial.time.now() - began).total_seconds()))
    return Difference(before=before, after=after, seconds=passed)


@then("the difference is the energy of the load")
def difference_is_energy(trial: Trial, difference: Difference) -> None:
    expectation = trial.expectation(seconds=difference.seconds, resolution_wh=difference.after.scaler_unit.resolution)
    trial.judge(follows_load(difference.after.value - difference.before.value, expectation), difference.after.frame)


@when(parsers.parse('"{role}" is read before and after {seconds:d} seconds'), target_fixture="difference")
def read_around_time(trial: Trial, client: Client, role: str, seconds: int) -> Difference:
    return read_again(trial, client, read_register(client, trial.object(role), trial.clause), seconds)


@then("the value has not changed")
def value_unchanged(trial: Trial, difference: Difference) -> None:
    unit = difference.after.scaler_unit
    trial.judge(stands_still(difference.before.value, difference.after.value, unit.resolution), difference.after.frame)


@when(parsers.parse('"{role}" is read right after a capture of the load profile'), target_fixture="against_row")
def read_right_after_capture(trial: Trial, client: Client, role: str) -> AgainstRow:
    return read_after_capture(trial, client, role, share_of_period=Decimal(0))


@when(
    parsers.parse('"{role}" is read in the middle between two captures of the load profile'),
    target_fixture="against_row",
)
def read_between_captures(trial: Trial, client: Client, role: str) -> AgainstRow:
    return read_after_capture(trial, client, role, share_of_period=Decimal("0.5"))


def read_after_capture(trial: Trial, client: Client, role: str, *, share_of_period: Decimal) -> AgainstRow:
    """Let a capture happen under the present load and read register and row that long after it."""
    register = trial.object(role)
    clock = trial.object("clock")
    profile = profile_of(trial, client)
    column = profile.column_of(register)
    rows = profile.newest(1)
    if rows:
        since_s = (moment_of(read_clock(client, clock)) - rows[-1].time).total_seconds() % profile.period_s
        trial.time.advance(profile.period_s - since_s)
    trial.time.advance(profile.period_s)
    trial.time.advance(float(share_of_period * profile.period_s))
    reading = read_register(client, register, trial.clause)
    now = moment_of(read_clock(client, clock))
    newest = profile.newest(1)
    if not newest:
        raise trial.fail(expected="a row of the capture that was due", observed="an empty load profile")
    (number,) = profile.numbers(newest, column)
    seconds = Decimal(str((now - newest[-1].time).total_seconds()))
    return AgainstRow(reading=reading, row_wh=number.scaleb(reading.scaler_unit.scaler), seconds=seconds)


@then("the newest row holds the same energy within what has flowed since")
@then("it is ahead of the newest row by the energy since that capture")
def reading_against_row(trial: Trial, against_row: AgainstRow) -> None:
    difference = against_row.reading.value - against_row.row_wh
    expectation = trial.expectation(
        seconds=against_row.seconds, resolution_wh=against_row.reading.scaler_unit.resolution
    )
    if abs(difference - expectation.energy_wh) > expectation.uncertainty_wh:
        raise trial.fail(
            expected=f"register - row = {expectation.energy_wh:.3f} Wh "
            f"with an uncertainty of {expectation.uncertainty_wh:.3f} Wh",
            observed=f"{against_row.reading.value} - {against_row.row_wh} = {difference} Wh",
            frame=against_row.reading.frame,
        )


@when(
    parsers.parse("the total and the tariff registers of the import energy are read in one list {times:d} times"),
    target_fixture="snapshots",
)
def read_snapshots(trial: Trial, client: Client, times: int) -> list[tuple[Decimal, ...]]:
    registers = (trial.object("energy_import_total"), *trial.objects("energy_import_tariffs"))
    units = [read_register(client, register, trial.clause).scaler_unit for register in registers]
    wanted = [item(register, _VALUE) for register in registers]
    snapshots = []
    if trial.bench.load is not None and trial.bench.time is not None:
        trial.apply_load(_LOAD_W)
    for _ in range(times):
        listed = read_list(client, wanted)
        refused = [one.error for one in listed if one.data is None]
        if refused:
            raise trial.fail(expected="a value for each register", observed=", ".join(map(str, refused)))
        snapshots.append(
            tuple(
                number_in(one.data).scaleb(unit.scaler)
                for one, unit in zip(listed, units, strict=True)
                if one.data is not None
            )
        )
        if trial.bench.time is not None:
            trial.time.advance(60)
    return snapshots


@then("the total is the sum of the tariff registers each time")
def total_is_sum(trial: Trial, client: Client, snapshots: Sequence[tuple[Decimal, ...]]) -> None:
    resolution = read_register(client, trial.object("energy_import_total"), trial.clause).scaler_unit.resolution
    for total, *rates in snapshots:
        trial.judge(snapshot_is_consistent(total, rates, resolution), client.conversation.frame)
