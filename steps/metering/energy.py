"""Energy and load: what a register must have counted."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.energy import EnergyExpectation, follows_load, snapshots_are_consistent, stands_still
from harness.declaration import CosemObject
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.profiles import moment_of
from harness.headend.registers import RegisterValue, number_in, read_clock, read_list, read_register
from harness.run.trial import Trial
from steps.metering.profiles import profile_of
from steps.polling.reading import lists_are_offered

_STEPS_TO_BE_SEEN = 40
_SHORTEST_RUN_S = 300
_LOAD_W = Decimal(3000)
_WATT_HOUR = 30
_VALUE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two readings and the metering time between them."""

    before: RegisterValue
    after: RegisterValue
    seconds: Decimal

    @property
    def energy_wh(self) -> Decimal:
        """What was counted."""
        return self.after.value - self.before.value


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstRow:
    """A reading and the newest profile row, both in Wh, and the time between them."""

    reading: RegisterValue
    row_wh: Decimal
    seconds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshots:
    """Lists of the total and its tariff registers, in Wh."""

    lists: list[tuple[Decimal, ...]]
    tolerance_wh: Decimal
    """One step of each register."""
    load_varied: bool
    frame: int


def read_in(trial: Trial, client: Client, register: CosemObject, unit: int, name: str) -> RegisterValue:
    """Read a register; one in another unit cannot be held against a load in W."""
    value = read_register(client, register, trial.clause)
    if value.scaler_unit.unit != unit:
        raise Inconclusive(
            f"{register.obis} is in {value.scaler_unit.unit_name}, not in {name}: the load in W says nothing about it",
            missing="device",
        )
    return value


def read_energy(trial: Trial, client: Client, register: CosemObject) -> RegisterValue:
    """Read an energy register, in Wh."""
    return read_in(trial, client, register, _WATT_HOUR, "Wh")


def expectation_for(trial: Trial, reading: RegisterValue, seconds: Decimal) -> EnergyExpectation:
    """Return what the load amounts to in that time, at the resolution of the register."""
    return trial.expectation(seconds=seconds, resolution_wh=reading.scaler_unit.resolution)


@given(parsers.parse("a load of {watts:d} W import"))
def load_of(trial: Trial, watts: int) -> None:
    trial.apply_load(Decimal(watts))


@when(
    parsers.parse('"{role}" is read before and after the load has run long enough to be seen'),
    target_fixture="difference",
)
def read_around_load(trial: Trial, client: Client, role: str) -> Difference:
    before = read_energy(trial, client, trial.object(role))
    steps_wh = _STEPS_TO_BE_SEEN * before.scaler_unit.resolution
    seconds = max(trial.span_s(_SHORTEST_RUN_S), int(steps_wh * 3600 / trial.applied_w))
    return read_again(trial, client, before, seconds)


def read_again(trial: Trial, client: Client, before: RegisterValue, seconds: float) -> Difference:
    """Let metering time pass and read the same register once more."""
    began = trial.time.now()
    trial.let_pass(seconds, client)
    after = read_energy(trial, client, before.target)
    passed = Decimal(str((trial.time.now() - began).total_seconds()))
    return Difference(before=before, after=after, seconds=passed)


@then("the difference is the energy of the load")
def difference_is_energy(trial: Trial, difference: Difference) -> None:
    expectation = expectation_for(trial, difference.after, difference.seconds)
    trial.judge(follows_load(difference.energy_wh, expectation), difference.after.frame)


@when(parsers.parse('"{role}" is read before and after {seconds:d} seconds'), target_fixture="difference")
def read_around_time(trial: Trial, client: Client, role: str, seconds: int) -> Difference:
    return read_again(trial, client, read_energy(trial, client, trial.object(role)), trial.span_s(seconds))


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
    with trial.basis():
        column = profile.column_of(register)
        rows = profile.newest(1)
        now = moment_of(read_clock(client, clock))
    since_s = (now - rows[-1].time).total_seconds() % profile.period_s if rows else 0.0
    trial.let_pass(2 * profile.period_s - since_s + float(share_of_period * profile.period_s), client)
    reading = read_energy(trial, client, register)
    with trial.basis():
        now = moment_of(read_clock(client, clock))
        newest = profile.newest(1)
        if not newest:
            raise trial.fail(expected="a row of the capture that was due", observed="an empty load profile")
        (number,) = profile.numbers(newest, column)
    seconds = Decimal(str((now - newest[-1].time).total_seconds()))
    return AgainstRow(reading=reading, row_wh=number.scaleb(reading.scaler_unit.scaler), seconds=seconds)


@then("the newest row holds the same energy within what has flowed since")
def row_holds_the_same(trial: Trial, against_row: AgainstRow) -> None:
    difference = against_row.reading.value - against_row.row_wh
    expectation = expectation_for(trial, against_row.reading, against_row.seconds)
    if abs(difference - expectation.energy_wh) > expectation.uncertainty_wh:
        raise trial.fail(
            expected=f"register - row = {expectation.energy_wh:.3f} Wh "
            f"with an uncertainty of {expectation.uncertainty_wh:.3f} Wh",
            observed=f"{against_row.reading.value} - {against_row.row_wh} = {difference} Wh",
            frame=against_row.reading.frame,
        )


@then("it is ahead of the newest row by the energy since that capture")
def ahead_of_row(trial: Trial, against_row: AgainstRow) -> None:
    difference = against_row.reading.value - against_row.row_wh
    expectation = expectation_for(trial, against_row.reading, against_row.seconds)
    trial.judge(follows_load(difference, expectation), against_row.reading.frame)


@when(
    parsers.parse("the total and the tariff registers of the import energy are read in one list {times:d} times"),
    target_fixture="snapshots",
)
def read_snapshots(trial: Trial, client: Client, times: int) -> Snapshots:
    return snapshots_of(trial, client, times, lambda number: None)


def snapshots_of(trial: Trial, client: Client, times: int, before: Callable[[int], None]) -> Snapshots:
    """Read total and tariff registers in one list so many times; ``before`` is called before each with its number."""
    lists_are_offered(client)
    registers = (trial.object("energy_import_total"), *trial.objects("energy_import_tariffs"))
    units = [read_energy(trial, client, register).scaler_unit for register in registers]
    wanted = [item(register, _VALUE) for register in registers]
    load_varied = trial.may_vary_load
    lists = []
    for number in range(times):
        if load_varied:
            trial.apply_load(Decimal(0) if number == 0 else _LOAD_W)
        before(number)
        if trial.bench.time is not None:
            run_s = trial.span_s(_SHORTEST_RUN_S)
            trial.let_pass(run_s if number == 0 else run_s / 4, client)
        listed = read_list(client, wanted)
        refused = [one.error for one in listed if one.data is None]
        if refused:
            raise trial.fail(expected="a value for each register", observed=", ".join(map(str, refused)))
        numbers = [number_in(one.data) for one in listed if one.data is not None]
        lists.append(tuple(value.scaleb(unit.scaler) for value, unit in zip(numbers, units, strict=True)))
    return Snapshots(
        lists=lists,
        tolerance_wh=sum((unit.resolution for unit in units), Decimal(0)),
        load_varied=load_varied,
        frame=client.conversation.frame,
    )


@then("the total moves with the sum of the tariff registers each time")
def total_moves_with_sum(trial: Trial, snapshots: Snapshots) -> None:
    judged = snapshots_are_consistent(snapshots.lists, snapshots.tolerance_wh, load_varied=snapshots.load_varied)
    trial.judge(judged, snapshots.frame)
