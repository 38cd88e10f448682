"""The periodic process: captures before, during and after on demand readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.profile import (
    CaptureSchedule,
    ProfileRow,
    energies_follow_load,
    grid_is_certain,
    on_schedule,
    regular_row,
    same_rows,
)
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.profiles import ProfileReader, moment_of
from harness.headend.registers import read_scaler_unit
from harness.headend.requests import get_request, nonsense_selection
from harness.headend.stimuli.provoke import provoke
from harness.run.trial import Trial
from steps.metering.profiles import begin_in_blocks, by_time, profile_of

_VALUE = 2
_ROWS_THAT_SHOW_THE_GRID = 7
_PERIODS_AHEAD = 50
"""No scenario about the schedule lasts longer."""
_MOST_PERIODS_TO_KNOW_IT = 3
_LAST_SECONDS = 5.0
_MOST_APPROACHES = 20
_ENDS_OF_LINK = ("closed", "dm", "frmr", "silence")


@given("the capture schedule of the load profile is known", target_fixture="schedule")
def schedule_is_known(trial: Trial, client: Client) -> CaptureSchedule:
    profile = profile_of(trial, client)
    if profile.period_s == 0:
        raise Inconclusive("the load profile is declared to have no period", missing="declaration")
    trial.judge(grid_is_certain(profile.period_s))
    for waited in range(_MOST_PERIODS_TO_KNOW_IT + 1):
        if waited:
            trial.let_pass(profile.period_s, client)
        with trial.basis():
            now = moment_of(profile.now())
            rows = profile.newest(_ROWS_THAT_SHOW_THE_GRID)
        wanted = min(_ROWS_THAT_SHOW_THE_GRID, trial.profile_declaration("load_profile").entries)
        if len(rows) < wanted and trial.time_moves_by_hand:
            # Another layout or period has cleared the buffer.
            trial.let_pass(_ROWS_THAT_SHOW_THE_GRID * profile.period_s, client)
            continue
        known = schedule_of(trial, profile, rows, now)
        if known is not None:
            return known
    if not rows:
        raise trial.fail(
            expected=f"rows after {_MOST_PERIODS_TO_KNOW_IT} capture periods", observed="an empty load profile"
        )
    raise Inconclusive("no two rows of the load profile are whole capture periods apart", missing="device")


def rows_ahead(profile: ProfileReader) -> tuple[ProfileRow, ...]:
    """Return the rows of times that are still to come, as there may be some once the clock was set back."""
    rows = profile.since(profile.now(), ahead_s=_PERIODS_AHEAD * profile.period_s)
    return tuple(_rows_after(rows, moment_of(profile.now())))


def schedule_of(
    trial: Trial, profile: ProfileReader, rows: Sequence[ProfileRow], now: datetime
) -> CaptureSchedule | None:
    """Return the schedule that the newest rows show, if they do; ``now`` is the device's time before they were read."""
    declared = trial.profile_declaration("load_profile")
    regular = regular_row(rows, period_s=profile.period_s, jitter_s=declared.jitter_s)
    if regular is None:
        return None
    return CaptureSchedule(
        anchor=regular.time,
        newest=rows[-1],
        known_at=now,
        period_s=profile.period_s,
        jitter_s=declared.jitter_s,
        storing_s=max(declared.jitter_s, trial.declaration.metering.freshness_s),
        entries=declared.entries,
        ahead=rows_ahead(profile),
    )


@when(parsers.parse("{periods:d} capture periods pass with {readings:d} on demand readings in each"))
def periods_pass_with_readings(
    trial: Trial, client: Client, schedule: CaptureSchedule, periods: int, readings: int
) -> None:
    register = trial.object("energy_import_total")
    for _ in range(periods * readings):
        client.read(item(register, _VALUE))
        trial.let_pass(schedule.period_s / readings, client)


@then("the load profile has one row for each capture that was due, in time")
def rows_on_schedule(trial: Trial, client: Client, schedule: CaptureSchedule) -> None:
    trial.let_pass(schedule.storing_s, *associated(client))
    observer = client if client.is_associated else trial.head_end.associate_again(client)
    profile = profile_of(trial, observer)
    with trial.basis():
        asked = moment_of(profile.now())
        rows = schedule.come(_rows_after(profile.since(profile.time_of(schedule.newest)), schedule.newest.time))
        frame = observer.conversation.frame
        answered = moment_of(profile.now())
    trial.judge(on_schedule(schedule, rows, asked=asked, answered=answered), frame)


def associated(client: Client) -> tuple[Client, ...]:
    """Return the client if there is an association to keep alive."""
    return (client,) if client.is_associated else ()


@then("each row holds the energy of its instant")
def rows_hold_energy(trial: Trial, client: Client, schedule: CaptureSchedule) -> None:
    register = trial.object("energy_import_total")
    profile = profile_of(trial, client)
    with trial.basis():
        unit = read_scaler_unit(client, register, trial.clause)
        column = profile.column_of(register)
        rows = schedule.come(_rows_after(profile.since(profile.time_of(schedule.newest)), schedule.newest.time))
        numbers = profile.numbers(rows, column)
    expectation = trial.expectation(seconds=Decimal(str(schedule.period_s)), resolution_wh=unit.resolution)
    trial.judge(
        energies_follow_load(rows, [number.scaleb(unit.scaler) for number in numbers], expectation),
        client.conversation.frame,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BothReads:
    """The rows of a long read, and how often another client was read in the course of it."""

    rows: list[ProfileRow]
    readings: int
    frame: int


@when("the management client reads registers between the blocks of a long profile read", target_fixture="both_reads")
def reads_between_blocks(trial: Trial, client: Client, known_rows: list[ProfileRow]) -> BothReads:
    other = trial.head_end.associate("management")
    ended = ""
    for _ in range(2):
        try:
            return interleaved(trial, client, other, known_rows)
        except Inconclusive as outcome:
            # The long read was sound when it was repeated with nothing in between: the same end again is no accident.
            if outcome.missing != "line":
                raise
            ended = outcome.reason
    raise trial.fail(expected="both reads to go on side by side", observed=f"twice: {ended}")


def interleaved(trial: Trial, client: Client, other: Client, known_rows: list[ProfileRow]) -> BothReads:
    """Read the known rows once more, and a register through the other client after each block."""
    register = trial.object("energy_import_total")
    profile = profile_of(trial, client)
    with trial.basis():
        ordered = by_time(known_rows)
        first, last = profile.time_of(ordered[0]), profile.time_of(ordered[-1])
        profile.order()
    if not other.is_associated:
        other.establish()
    rows: list[ProfileRow] = []
    readings, seen = 0, client.conversation.answers
    for row in profile.stream_range(first, last):
        rows.append(row)
        if client.conversation.answers != seen:
            seen = client.conversation.answers
            other.read(item(register, _VALUE))
            readings += 1
    frame = client.conversation.frame
    other.close()
    return BothReads(rows=profile.in_capture_order(rows), readings=readings, frame=frame)


@then("both got their data")
def both_got_data(trial: Trial, both_reads: BothReads) -> None:
    if not both_reads.rows:
        raise trial.fail(expected="rows", observed="no rows", frame=both_reads.frame)
    if both_reads.readings < 2:
        raise Inconclusive("the long answer fitted into one APDU, so nothing could come in between", missing="device")


@then("the long read has the same rows as before")
def same_rows_as_before(trial: Trial, known_rows: list[ProfileRow], both_reads: BothReads) -> None:
    trial.judge(same_rows(known_rows, both_reads.rows), both_reads.frame)


@when(parsers.parse('"{role}" is read from the second before until the second after a capture'))
def read_around_capture(trial: Trial, client: Client, role: str, schedule: CaptureSchedule) -> None:
    register = trial.object(role)
    wait_for_capture(trial, client, schedule, before_s=1)
    for _ in range(3):
        client.read(item(register, _VALUE))
        trial.time.advance(1)
    client.read(item(register, _VALUE))
    trial.let_pass(schedule.period_s, client)


def wait_for_capture(trial: Trial, client: Client, schedule: CaptureSchedule, *, before_s: float) -> None:
    """Let time pass until so long before a capture.

    Keeping the link alive takes time of its own, so the instant is approached and the clock read on the way.
    """
    profile = profile_of(trial, client)
    for _ in range(_MOST_APPROACHES):
        with trial.basis():
            now = moment_of(profile.now())
        left_s = ((schedule.anchor - now).total_seconds() - before_s) % schedule.period_s
        if trial.time_moves_by_hand or left_s <= _LAST_SECONDS:
            break
        trial.let_pass(left_s * 0.8, client)
    trial.time.advance(left_s)


@when(parsers.parse('the head end asks for "{role}" with selective access and {periods:d} capture periods pass'))
def asks_with_selective_access(
    trial: Trial, client: Client, role: str, periods: int, schedule: CaptureSchedule
) -> None:
    provoked = provoke(client.conversation, get_request(trial.object(role), selection=nonsense_selection()))
    if provoked.name in _ENDS_OF_LINK:
        client.drop()
    trial.let_pass(periods * schedule.period_s, *associated(client))


@when(
    parsers.parse("the client vanishes after the first block of the load profile and {periods:d} capture periods pass")
)
def client_vanishes(trial: Trial, client: Client, periods: int, schedule: CaptureSchedule) -> None:
    begin_in_blocks(trial, client)
    client.drop()
    trial.let_pass(periods * schedule.period_s)


@when(
    parsers.parse("the reading client associates and releases {times:d} times while {periods:d} capture periods pass")
)
def associates_often(trial: Trial, client: Client, times: int, periods: int, schedule: CaptureSchedule) -> None:
    for _ in range(times):
        client.close()
        client.establish()
        trial.let_pass(periods * schedule.period_s / times, client)


@when(parsers.parse('"{role}" is read {times:d} times within one capture period'), target_fixture="rows_around")
def read_within_period(
    trial: Trial, client: Client, role: str, times: int
) -> tuple[list[ProfileRow], list[ProfileRow]]:
    profile = profile_of(trial, client)
    register = trial.object(role)
    for _ in range(2):
        with trial.basis():
            before = profile.newest(_ROWS_THAT_SHOW_THE_GRID)
        for _ in range(times):
            client.read(item(register, _VALUE))
        with trial.basis():
            after = profile.newest(_ROWS_THAT_SHOW_THE_GRID)
            now = moment_of(profile.now())
        if trial.time_moves_by_hand or not capture_came(trial, profile, before, now):
            return before, after
    raise Inconclusive("a capture period ended in between, twice", missing="device")


def capture_came(trial: Trial, profile: ProfileReader, rows: Sequence[ProfileRow], now: datetime) -> bool:
    """Whether a capture that is not among ``rows`` may have been made up to ``now``."""
    if not rows or profile.period_s == 0:
        return False
    known = schedule_of(trial, profile, rows, now)
    if known is None:
        return (now - rows[-1].time).total_seconds() >= profile.period_s
    return bool(known.due(now))


@then("the load profile has the same rows as before")
def profile_same_as_before(
    trial: Trial, client: Client, rows_around: tuple[list[ProfileRow], list[ProfileRow]]
) -> None:
    trial.judge(same_rows(*rows_around), client.conversation.frame)


def _rows_after(rows: Sequence[ProfileRow], moment: datetime) -> list[ProfileRow]:
    """Return the rows captured after ``moment``."""
    return [row for row in rows if row.time > moment + timedelta(milliseconds=1)]
