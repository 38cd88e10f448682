"""Reading single registers and lists, and what must come back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.clock import moved_on
from harness.checks.demand import capture_time_within, makes_new_maximum
from harness.checks.energy import between
from harness.checks.refusals import told
from harness.checks.timing import answered_in_time
from harness.checks.value import unit_belongs
from harness.declaration import CosemObject
from harness.errors import NotApplicable
from harness.headend.client import Client, Item, item
from harness.headend.registers import (
    DateTime,
    Listed,
    RegisterValue,
    number_in,
    read_clock,
    read_list,
    read_register,
    stored_time,
)
from harness.headend.requests import get_next_request, get_request, unannounced_object
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.run.trial import Trial
from steps.metering.demand_period import stated_demand_period_s

_ENERGY = "8"
"""Value group D of a counting energy register."""

_REGISTERS = (
    "energy_import_total",
    "energy_export_total",
    "power_import",
    "power_export",
    "max_demand_import",
    "average_demand_import",
)


@when(parsers.parse('the head end reads "{role}"'), target_fixture="register")
def reads_register(trial: Trial, client: Client, role: str) -> RegisterValue:
    return read_register(client, trial.object(role), trial.clause)


@then("the answer is a value")
@then("the value is a number with unit and scaler")
def value_is_a_number(trial: Trial, register: RegisterValue) -> None:
    if not register.scaler_unit.is_known:
        raise trial.fail(
            expected="a unit of the list of units", observed=f"unit {register.scaler_unit.unit}", frame=register.frame
        )
    trial.judge(unit_belongs(register.scaler_unit.unit, register.target.obis), register.frame)


@then("the same value is read again within what can have flowed")
def same_value_again(trial: Trial, client: Client, register: RegisterValue) -> None:
    again = read_register(client, register.target, trial.clause)
    if register.target.obis.split(".")[3] == _ENERGY and again.value < register.value:
        raise trial.fail(
            expected=f"{register.value} or more of a counting register", observed=f"{again.value}", frame=again.frame
        )
    if again.data.type is not register.data.type or again.scaler_unit != register.scaler_unit:
        raise trial.fail(
            expected="the same type, unit and scaler as before", observed=f"{again.data}", frame=again.frame
        )


@when("the head end reads the maximum demand with its capture time", target_fixture="captured_at")
def reads_maximum_demand(trial: Trial, client: Client) -> DateTime:
    register = trial.object("max_demand_import")
    read_register(client, register, trial.clause)
    return stored_time(client, trial.object("clock"), client.read(item(register, 5)))


@given("the demand of a whole period is higher than ever before", target_fixture="demand_period")
def demand_is_highest(trial: Trial, client: Client) -> tuple[DateTime, DateTime]:
    register = trial.object("max_demand_import")
    clock = trial.object("clock")
    maximum = read_register(client, register, trial.clause)
    power_w = max(Decimal(1000), maximum.value * 3 // 2)
    began = read_clock(client, clock)
    trial.apply_load(power_w)
    accuracy_percent = trial.declaration.metering.accuracy_class
    trial.judge(makes_new_maximum(trial.applied_w, maximum.value, accuracy_percent=accuracy_percent))
    trial.let_pass(2 * longest_demand_period_s(trial, client), client)
    return began, read_clock(client, clock)


def longest_demand_period_s(trial: Trial, client: Client) -> int:
    """Return the demand period, or the capture period of the load profile where nothing says it."""
    return stated_demand_period_s(trial, client) or trial.profile_declaration("load_profile").period_s


@then("the capture time lies in that period")
def capture_time_in_period(trial: Trial, captured_at: DateTime, demand_period: tuple[DateTime, DateTime]) -> None:
    tolerance_s = trial.declaration.clock.tolerance_s
    trial.judge(capture_time_within(captured_at, *demand_period, tolerance_s=tolerance_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReading:
    """A list between two rounds of single readings."""

    wanted: tuple[Item, ...]
    before: tuple[Decimal, ...]
    listed: tuple[Listed, ...]
    after: tuple[Decimal, ...]
    unknown_at: int | None = None


def energy_items(trial: Trial) -> tuple[CosemObject, ...]:
    """Return the energy registers that the declaration names."""
    found = [trial.object("energy_import_total")]
    for role in ("energy_import_tariffs", "energy_export_total"):
        declared = trial.declaration.objects_of(role)
        if isinstance(declared, tuple):
            found += declared
    return tuple(found)


def lists_are_offered(client: Client) -> None:
    """Lists are an option of the service that the source leaves open."""
    if not client.may_list:
        raise NotApplicable("requests with lists were not negotiated", item="associations.conformance")


def singly(client: Client, wanted: Sequence[Item]) -> tuple[Decimal, ...]:
    """Read items one by one, as numbers."""
    return tuple(number_in(client.read(one)) for one in wanted)


@when(
    "the head end reads the clock and the energy registers one by one, then in one list, then one by one",
    target_fixture="list_reading",
)
def reads_singly_and_listed(trial: Trial, client: Client) -> ListReading:
    lists_are_offered(client)
    wanted = (item(trial.object("clock"), 2), *(item(register, 2) for register in energy_items(trial)))
    before = singly(client, wanted)
    listed = read_list(client, wanted)
    return ListReading(wanted=wanted, before=before, listed=listed, after=singly(client, wanted))


@when(
    "the head end reads the clock and the energy registers in one list with an unknown object among them",
    target_fixture="list_reading",
)
def reads_list_with_unknown(trial: Trial, client: Client) -> ListReading:
    lists_are_offered(client)
    wanted = (item(trial.object("clock"), 2), *(item(register, 2) for register in energy_items(trial)))
    before = singly(client, wanted)
    unknown = item(unannounced_object(client.announced_codes()), 2)
    listed = read_list(client, (wanted[0], unknown, *wanted[1:]))
    reading = ListReading(wanted=wanted, before=before, listed=(listed[0], *listed[2:]), after=singly(client, wanted))
    return replace(reading, unknown_at=None) if listed[1].error else replace(reading, unknown_at=1)


@then("the list has each value at its place")
def list_in_place(trial: Trial, list_reading: ListReading) -> None:
    for wanted, before, listed, after in zip(
        list_reading.wanted, list_reading.before, list_reading.listed, list_reading.after, strict=True
    ):
        if listed.data is None:
            raise trial.fail(expected=f"the value of {wanted[0]}", observed=str(listed.error), frame=listed.frame)
        trial.judge(between(str(wanted[0]), before, number_in(listed.data), after), listed.frame)


@then("the unknown object has an error at its place")
def unknown_has_error(trial: Trial, list_reading: ListReading) -> None:
    if list_reading.unknown_at is not None:
        raise trial.fail(
            expected="an error for the unknown object", observed="a value", frame=list_reading.listed[0].frame
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A clock and a register as they were before something happened."""

    clock: DateTime
    register: RegisterValue
    read_from_s: float
    read_until_s: float


@given(parsers.parse('the head end has read the clock and "{role}"'), target_fixture="earlier")
def has_read_clock_and(trial: Trial, client: Client, role: str) -> Earlier:
    read_from_s = trial.elapsed_s()
    clock = read_clock(client, trial.object("clock"))
    read_until_s = trial.elapsed_s()
    register = read_register(client, trial.object(role), trial.clause)
    return Earlier(clock=clock, register=register, read_from_s=read_from_s, read_until_s=read_until_s)


@then("the clock has moved on as the time did")
def clock_has_moved_on(trial: Trial, client: Client, earlier: Earlier) -> None:
    read_from_s = trial.elapsed_s()
    clock = read_clock(client, trial.object("clock"))
    read_until_s = trial.elapsed_s()
    reading_s = read_until_s - read_from_s + earlier.read_until_s - earlier.read_from_s
    tolerance_s = trial.declaration.clock.tolerance_s + reading_s
    trial.judge(moved_on(earlier.clock, clock, read_until_s - earlier.read_until_s, tolerance_s=tolerance_s))


@then(parsers.parse('"{role}" has not gone back'))
def has_not_gone_back(trial: Trial, client: Client, role: str, earlier: Earlier) -> None:
    now = read_register(client, trial.object(role), trial.clause)
    if now.value < earlier.register.value:
        raise trial.fail(expected=f"{earlier.register.value} or more", observed=f"{now.value}", frame=now.frame)


@when("the head end reads every declared register once", target_fixture="answers")
def reads_every_register(trial: Trial, client: Client) -> list[RegisterValue]:
    roles = [role for role in _REGISTERS if isinstance(trial.declaration.objects_of(role), tuple)]
    return [read_register(client, trial.object(role), trial.clause) for role in roles]


@then("each answer came within the declared response time")
def answers_in_time(trial: Trial, client: Client, answers: list[RegisterValue]) -> None:
    for first in answers:
        again = read_register(client, first.target, trial.clause) if first.took_s > trial.response_time_s else first
        took_s = min(first.took_s, again.took_s)
        judged = answered_in_time(
            str(first.target.obis), took_s, limit_s=trial.response_time_s, uncertainty_s=trial.line_uncertainty_s
        )
        trial.judge(judged, again.frame)


@when("the head end reads an object that the meter does not announce", target_fixture="provoked")
def reads_unannounced(trial: Trial, client: Client) -> Provoked:
    unknown = unannounced_object(client.announced_codes())
    return provoke(client.conversation, get_request(unknown))


@then(parsers.parse('the answer is one of those for "{condition}"'))
def answer_is_one_of(trial: Trial, provoked: Provoked, condition: str) -> None:
    accepted = trial.refusals(condition)
    if provoked.name not in accepted:
        raise trial.fail(
            expected=f"{condition}: {told(accepted)}",
            observed=f"{provoked.name}: {provoked.description}",
            frame=provoked.frame,
        )


@when("the head end asks for the next block although none is due", target_fixture="provoked")
def asks_for_next_block(client: Client) -> Provoked:
    return provoke(client.conversation, get_next_request(1))
