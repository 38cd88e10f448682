"""The periodic process: captures before, during and after on demand readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.profile import ProfileRow, energies_follow_load, on_schedule, same_rows
from harness.checks.unchanged import unchanged
from harness.errors import Inconclusive
from harness.headend.client import Client, Item, item
from harness.headend.profiles import ProfileReader, moment_of, rows_after
from harness.headend.provoke import provoke
from harness.headend.registers import read_clock, read_register, read_scaler_unit
from harness.headend.requests import get_request, nonsense_selection
from harness.run.trial import Trial
from steps.profiles import profile_of

_VALUE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The phase of the captures: the newest row before anything was done."""

    last: ProfileRow
    period_s: int


@given("the capture schedule of the load profile is known", target_fixture="schedule")
def schedule_is_known(trial: Trial, client: Client) -> Schedule:
    profile = profile_of(trial, client)
    if profile.period_s == 0:
        raise Inconclusive("the load profile is declared to have no period", missing="declaration")
    rows = profile.newest(3)
    if not rows:
        trial.time.advance(profile.period_s)
        rows = profile.newest(3)
    if not rows:
        raise trial.fail(expected="a row after a whole capture period", observed="an empty load profile")
    return Schedule(last=rows[-1], period_s=profile.period_s)


@when(parsers.parse("{periods:d} capture periods pass with {readings:d} on demand readings in each"))
def periods_pass_with_readings(trial: Trial, client: Client, schedule: Schedule, periods: int, readings: int) -> None:
    register = trial.object("energy_import_total")
    for _ in range(periods * readings):
        client.read(item(register, _VALUE))
        trial.time.advance(schedule.period_s / readings)


@then("the load profile has one row for each capture that was due, in time")
def rows_on_schedule(trial: Trial, client: Client, schedule: Schedule) -> None:
    observer = client if client.is_associated else trial.head_end.associate_again(client)
    profile = profile_of(trial, observer)
    rows = rows_after(profile.since(profile.time_of(schedule.last)), schedule.last.time)
    now = moment_of(read_clock(observer, trial.object("clock")))
    jitter_s = trial.profile_declaration("load_profile").jitter_s
    trial.judge(
        on_schedule(rows, last_before=schedule.last.time, now=now, period_s=schedule.period_s, jitter_s=jitter_s),
        observer.conversation.frame,
    )


@then("each row holds the energy of its instant")
def rows_hold_energy(trial: Trial, client: Client, schedule: Schedule) -> None:
    register = trial.object("energy_import_total")
    profile = profile_of(trial, client)
    rows = rows_after(profile.since(profile.time_of(schedule.last)), schedule.last.time)
    unit = read_scaler_unit(client, register, trial.clause)
    numbers = profile.numbers(rows, profile.column_of(register))
    expectation = trial.expectation(seconds=Decimal(schedule.period_s), resolution_wh=unit.resolution)
    trial.judge(
        energies_follow_load(rows, [number.scaleb(unit.scaler) for number in numbers], expectation),
        client.conversation.frame,
    )


@when(parsers.parse("the demand registers are read {times:d} times within one demand period"), target_fixture="demand")
def demand_read_often(trial: Trial, client: Client, times: int) -> tuple[dict[str, object], dict[str, object]]:
    wanted = demand_items(trial)
    for _ in range(2):
        before = {name: client.read(one).value for name, one in wanted.items()}
        for _ in range(times):
            client.read(item(trial.object("average_demand_import"), _VALUE))
            for one in wanted.values():
                client.read(one)
        after = {name: client.read(one).value for name, one in wanted.items()}
        if trial.time_moves_by_hand or before["start time"] == after["start time"]:
            return before, after
    raise Inconclusive("a demand period ended in between, twice", missing="device")


def demand_items(trial: Trial) -> dict[str, Item]:
    """Return the attributes that reading must leave alone."""
    average = trial.object("average_demand_import")
    items = {
        "last average": item(average, 3),
        "capture time": item(average, 6),
        "start time": item(average, 7),
    }
    if isinstance(trial.declaration.objects_of("max_demand_import"), tuple):
        maximum = trial.object("max_demand_import")
        items |= {"maximum": item(maximum, 2), "maximum's capture time": item(maximum, 5)}
    return items


@then("last average, capture times, start time and maximum are unchanged")
def demand_unchanged(trial: Trial, client: Client, demand: tuple[dict[str, object], dict[str, object]]) -> None:
    trial.judge(unchanged(*demand), client.conversation.frame)


@when("the management client reads registers between the blocks of a long profile read", target_fixture="both_reads")
def reads_between_blocks(trial: Trial, client: Client, known_rows: list[ProfileRow]) -> tuple[list[ProfileRow], int]:
    register = trial.object("energy_import_total")
    other = trial.head_end.associate("management")
    readings = 0
    rows = []
    profile = profile_of(trial, client)
    for row in profile.stream_range(profile.time_of(known_rows[0]), profile.time_of(known_rows[-1])):
        rows.append(row)
        read_register(other, register, trial.clause)
        readings += 1
    other.close()
    return rows, readings


@then("both got their data")
def both_got_data(trial: Trial, both_reads: tuple[list[ProfileRow], int]) -> None:
    rows, readings = both_reads
    if not rows or readings != len(rows):
        raise trial.fail(expected="rows and readings", observed=f"{len(rows)} rows, {readings} readings")


@then("the long read has the same rows as before")
def same_rows_as_before(
    trial: Trial, client: Client, known_rows: list[ProfileRow], both_reads: tuple[list[ProfileRow], int]
) -> None:
    trial.judge(same_rows(known_rows, both_reads[0]), client.conversation.frame)


@when(parsers.parse('"{role}" is read from the second before until the second after a capture'))
def read_around_capture(trial: Trial, client: Client, role: str, schedule: Schedule) -> None:
    register = trial.object(role)
    now = moment_of(read_clock(client, trial.object("clock")))
    since_last_s = (now - schedule.last.time).total_seconds() % schedule.period_s
    trial.time.advance((schedule.period_s - since_last_s - 1) % schedule.period_s)
    for _ in range(3):
        client.read(item(register, _VALUE))
        trial.time.advance(1)
    client.read(item(register, _VALUE))
    trial.time.advance(schedule.period_s)


@when(parsers.parse('the head end asks for "{role}" with selective access and {periods:d} capture periods pass'))
def asks_with_selective_access(trial: Trial, client: Client, role: str, periods: int, schedule: Schedule) -> None:
    provoke(client.conversation, get_request(trial.object(role), selection=nonsense_selection()))
    trial.time.advance(periods * schedule.period_s)


@when(
    parsers.parse("the client vanishes after the first block of the load profile and {periods:d} capture periods pass")
)
def client_vanishes(trial: Trial, client: Client, periods: int, schedule: Schedule) -> None:
    first = provoke(client.conversation, get_request(trial.object("load_profile")))
    if not first.is_block:
        raise Inconclusive(f"the load profile did not begin to come in blocks: {first.description}", missing="device")
    client.drop()
    trial.time.advance(periods * schedule.period_s)


@when(
    parsers.parse("the reading client associates and releases {times:d} times while {periods:d} capture periods pass")
)
def associates_often(trial: Trial, client: Client, times: int, periods: int, schedule: Schedule) -> None:
    for _ in range(times):
        client.close()
        client.establish()
        trial.time.advance(periods * schedule.period_s / times)


@when(parsers.parse('"{role}" is read {times:d} times within one capture period'), target_fixture="rows_around")
def read_within_period(
    trial: Trial, client: Client, role: str, times: int
) -> tuple[list[ProfileRow], list[ProfileRow]]:
    profile = profile_of(trial, client)
    register = trial.object(role)
    for _ in range(2):
        before = profile.newest(5)
        for _ in range(times):
            client.read(item(register, _VALUE))
        after = profile.newest(5)
        if trial.time_moves_by_hand or period_has_not_ended(profile, before, trial, client):
            return before, after
    raise Inconclusive("a capture period ended in between, twice", missing="device")


def period_has_not_ended(profile: ProfileReader, rows: Sequence[ProfileRow], trial: Trial, client: Client) -> bool:
    """Whether the device's clock is still before the capture that follows the last of ``rows``."""
    now = moment_of(read_clock(client, trial.object("clock")))
    return not rows or (now - rows[-1].time).total_seconds() < profile.period_s


@then("the load profile has the same rows as before")
def profile_same_as_before(
    trial: Trial, client: Client, rows_around: tuple[list[ProfileRow], list[ProfileRow]]
) -> None:
    trial.judge(same_rows(*rows_around), client.conversation.frame)
