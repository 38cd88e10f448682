"""When rows come: at which instants, on which days, around summer time, steps of the clock and cuts of the supply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from pytest_bdd import given, parsers, then, when

from harness.checks.captures import (
    capture_instants,
    due_by_now,
    none_between,
    rising,
    rows_at,
    rows_since,
    stamps_apart,
    weekday_right,
)
from harness.checks.profile import ProfileRow, energies_follow_load, grid_is_certain
from harness.declaration import Profile
from harness.errors import Inconclusive, NotApplicable
from harness.headend.calendar import Zone
from harness.headend.client import Client
from harness.headend.profiles import ProfileReader
from harness.headend.registers import read_scaler_unit
from harness.run.trial import Trial
from steps.metering.calendar import calendar_of
from steps.metering.profile_setup import Buffer, reader_of, storing_s

_MOST_ROWS_READ = 1500
_ROWS_COMPARED = 30
_PERIODS_AROUND = 2
_SECONDS_AROUND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The load profile from some instant on."""

    declared: Profile
    zone: Zone
    began: datetime
    """Device's time when the rows before were known."""
    before: list[ProfileRow]
    """The rows there were then, or when rows were last collected."""
    collected: tuple[ProfileRow, ...] = ()
    """Rows that came since and may have left the buffer again."""

    def due(self, after: datetime, until: datetime) -> list[datetime]:
        """The captures that are due."""
        return capture_instants(
            after, until, period_s=self.declared.period_s, local=self.zone.local, instant=self.zone.instant
        )


def recent(reader: ProfileReader) -> list[ProfileRow]:
    """Read rows in the order of their capture: all of them, of very many the newest."""
    if reader.entries_in_use() <= _MOST_ROWS_READ:
        return reader.whole()
    return reader.last_captured(_ROWS_COMPARED)


def watched_from_now(trial: Trial, client: Client) -> Watch:
    """Know the rows there are, so that later ones can be told from them."""
    declared = trial.profile_declaration("load_profile")
    if not declared.period_s or not declared.aligned:
        raise Inconclusive("rows are declared not to come at full periods", missing="declaration")
    trial.judge(grid_is_certain(declared.period_s))
    with trial.basis():
        zone = calendar_of(trial, client)
        settle(trial, client, declared, zone)
        before = recent(reader_of(trial, client, declared))
        began = trial.metering_now(client)
    return Watch(declared=declared, zone=zone, began=began, before=before)


def settle(trial: Trial, client: Client, declared: Profile, zone: Zone) -> None:
    """Let a capture that has just been made be stored."""
    storing = timedelta(seconds=storing_s(trial, declared))
    now = trial.metering_now(client)
    if capture_instants(now - storing, now, period_s=declared.period_s, local=zone.local, instant=zone.instant):
        trial.let_pass(storing.total_seconds(), client)


def pass_collecting(trial: Trial, client: Client, watched: Watch, seconds: float) -> Watch:
    """Let captures happen, and read rows before they leave a short buffer."""
    longest_s = max(1, watched.declared.entries - 2) * watched.declared.period_s
    left_s = seconds
    while left_s > longest_s:
        trial.let_pass(longest_s, client)
        left_s -= longest_s
        with trial.basis():
            settle(trial, client, watched.declared, watched.zone)
            rows = recent(reader_of(trial, client, watched.declared))
        collected = (*watched.collected, *rows_since(watched.before, rows))
        watched = replace(watched, before=rows, collected=collected)
    trial.let_pass(left_s, client)
    return watched


@given("the load profile is watched", target_fixture="watched")
def load_profile_watched(trial: Trial, client: Client) -> Watch:
    return watched_from_now(trial, client)


def new_rows(trial: Trial, client: Client, watched: Watch) -> Buffer:
    """Return the rows since the watch began, once the last capture has had time to be stored."""
    trial.let_pass(storing_s(trial, watched.declared), client)
    with trial.basis():
        asked = trial.metering_now(client)
    rows = rows_since(watched.before, recent(reader_of(trial, client, watched.declared)))
    frame = client.conversation.frame
    with trial.basis():
        now = trial.metering_now(client)
    sure_until = asked - timedelta(seconds=storing_s(trial, watched.declared))
    return Buffer(rows=[*watched.collected, *rows], sure_until=sure_until, now=now, frame=frame)


@when(parsers.parse("{periods:d} capture periods pass"), target_fixture="buffer")
def periods_pass(trial: Trial, client: Client, watched: Watch, periods: int) -> Buffer:
    trial.let_pass(periods * watched.declared.period_s, client)
    return new_rows(trial, client, watched)


OCCASIONS: Mapping[str, Callable[[Zone, datetime], datetime | None]] = {
    "midnight": lambda zone, now: zone.next_midnight(now),
    "the end of a month": lambda zone, now: zone.next_month_start(now),
    "the end of a year": lambda zone, now: zone.next_year_start(now),
    "the begin of a leap day": lambda zone, now: zone.next_leap_day(now),
    "the end of a leap day": lambda zone, now: zone.next_leap_day(now) + timedelta(days=1),
    "the begin of summer time": lambda zone, now: zone.next_dst_change(now, "forward"),
    "the end of summer time": lambda zone, now: zone.next_dst_change(now, "back"),
}


@when(parsers.parse("the captures around {occasion} are watched"), target_fixture="watched")
def watched_around(trial: Trial, client: Client, occasion: str) -> Watch:
    declared = trial.profile_declaration("load_profile")
    with trial.basis():
        zone = calendar_of(trial, client)
        instant = OCCASIONS[occasion](zone, trial.metering_now(client))
    if instant is None:
        raise NotApplicable("the clock has no change of summer time", item="clock.dst")
    around_s = max(_PERIODS_AROUND * declared.period_s, 5400 if "summer" in occasion else 0) + declared.period_s / 3
    trial.reach(instant - timedelta(seconds=around_s), client)
    watched = watched_from_now(trial, client)
    return pass_collecting(trial, client, watched, 2 * around_s)


@then("each of them has exactly one row, of its own time")
def each_has_one_row(trial: Trial, client: Client, watched: Watch) -> None:
    buffer = new_rows(trial, client, watched)
    judge_rows(trial, watched, buffer)
    reader = reader_of(trial, client, watched.declared)
    for row in buffer.rows:
        stamp = reader.time_of(row)
        trial.judge(weekday_right(stamp.local(), stamp.weekday), buffer.frame)


@then("each capture that was due has exactly one row, of its own time")
def each_due_has_one_row(trial: Trial, watched: Watch, buffer: Buffer) -> None:
    judge_rows(trial, watched, buffer)


def judge_rows(trial: Trial, watched: Watch, buffer: Buffer) -> None:
    """Judge that rows came for each capture since the watch began, and that time stamps rise."""
    jitter_s = watched.declared.jitter_s
    due = watched.due(watched.began, buffer.now)
    due = due_by_now(due, buffer.rows, sure_until=buffer.sure_until, jitter_s=jitter_s)
    trial.judge(
        rows_at(due[-max(watched.declared.entries, len(buffer.rows)) :], buffer.rows, jitter_s=jitter_s), buffer.frame
    )
    trial.judge(rising(buffer.rows), buffer.frame)


@then("each row holds what the load has made of the energy by its time")
def rows_follow_load(trial: Trial, client: Client, watched: Watch, buffer: Buffer) -> None:
    register = trial.object("energy_import_total")
    reader = reader_of(trial, client, watched.declared)
    with trial.basis():
        unit = read_scaler_unit(client, register, trial.clause)
        numbers = reader.numbers(buffer.rows, reader.column_of(register))
    energies = [number.scaleb(unit.scaler) for number in numbers]
    expectation = trial.expectation(seconds=Decimal(watched.declared.period_s), resolution_wh=unit.resolution)
    curve = {
        "times": [row.time.isoformat() for row in buffer.rows[1:]],
        "recorded_wh": [float(later - earlier) for earlier, later in pairwise(energies)],
        "expected_wh": [float(expectation.energy_wh)] * max(0, len(energies) - 1),
        "uncertainty_wh": float(expectation.uncertainty_wh),
    }
    trial.plot("load profile", curve)
    trial.judge(energies_follow_load(buffer.rows, energies, expectation), buffer.frame)


@then("no row has a time of the hour that is left out")
def no_row_in_missing_hour(trial: Trial, client: Client, watched: Watch) -> None:
    buffer = new_rows(trial, client, watched)
    reader = reader_of(trial, client, watched.declared)
    change = watched.zone.next_dst_change(watched.began, "forward")
    if change is None:
        raise NotApplicable("the clock has no change of summer time", item="clock.dst")
    first = watched.zone.local(change - timedelta(seconds=1)) + timedelta(seconds=1)
    last = watched.zone.local(change)
    locals_ = [replace(row, time=local) for row in buffer.rows if (local := reader.time_of(row).local()) is not None]
    trial.judge(none_between(locals_, first, last, jitter_s=0), buffer.frame)


@then("rows of the doubled hour can be told apart")
def doubled_rows_apart(trial: Trial, client: Client, watched: Watch) -> None:
    buffer = new_rows(trial, client, watched)
    reader = reader_of(trial, client, watched.declared)
    stamps: list[tuple[datetime, object]] = []
    for row in buffer.rows:
        time = reader.time_of(row)
        if (local := time.local()) is not None:
            stamps.append((local, (time.deviation_min, time.clock_status)))
    trial.judge(stamps_apart(stamps), buffer.frame)
    if len({local for local, _ in stamps}) == len(stamps):
        raise trial.fail(
            expected="rows for both hours that show the same local time",
            observed=f"{len(stamps)} rows, no two of the same local time",
            frame=buffer.frame,
        )


@when("the supply is cut across a capture", target_fixture="watched")
def cut_across_capture(trial: Trial, client: Client) -> Watch:
    watched = watched_from_now(trial, client)
    (boundary, *_) = watched.due(watched.began, watched.began + timedelta(seconds=2 * watched.declared.period_s))
    trial.reach(boundary - timedelta(seconds=_SECONDS_AROUND), client)
    cut_for(trial, client, 2 * _SECONDS_AROUND)
    return watched


@when("the supply is cut at the very instant of a capture", target_fixture="watched")
def cut_at_capture(trial: Trial, client: Client) -> Watch:
    watched = watched_from_now(trial, client)
    (boundary, *_) = watched.due(watched.began, watched.began + timedelta(seconds=2 * watched.declared.period_s))
    trial.reach(boundary, client)
    cut_for(trial, client, _SECONDS_AROUND)
    return watched


def cut_for(trial: Trial, client: Client, seconds: float) -> None:
    """Take the supply away for a while; the client is associated again."""
    power = trial.power
    client.drop()
    trial.at_the_end(power.restore)
    power.cut()
    trial.time.advance(seconds)
    power.restore()
    if not trial.head_end.answers() and not trial.head_end.recover():
        raise Inconclusive("the device does not come back after the power cut", missing="device")
    trial.head_end.associate_again(client)


@then("no capture has two rows, and from the next one on each has one")
def none_twice(trial: Trial, client: Client, watched: Watch) -> None:
    trial.let_pass(2 * watched.declared.period_s, client)
    buffer = new_rows(trial, client, watched)
    jitter_s = watched.declared.jitter_s
    trial.judge(rising(buffer.rows), buffer.frame)
    due = watched.due(watched.began, buffer.now)
    due = due_by_now(due, buffer.rows, sure_until=buffer.sure_until, jitter_s=jitter_s)
    after = due[0] + timedelta(seconds=watched.declared.period_s / 2)
    later = [row for row in buffer.rows if row.time > after]
    trial.judge(rows_at(due[1:], later, jitter_s=jitter_s), buffer.frame)
    at_cut = [row for row in buffer.rows if row.time <= after]
    if len(at_cut) > 1 and (at_cut[1].time - at_cut[0].time).total_seconds() <= jitter_s:
        raise trial.fail(expected="one row for the capture at the cut", observed=f"{len(at_cut)} rows")


@when("the load profile is read from the second before until the second after a capture", target_fixture="readings")
def read_around_capture_instant(trial: Trial, client: Client, watched: Watch) -> list[tuple[datetime, Buffer]]:
    (boundary, *_) = watched.due(watched.began, watched.began + timedelta(seconds=2 * watched.declared.period_s))
    trial.reach(boundary - timedelta(seconds=1), client)
    reader = reader_of(trial, client, watched.declared)
    readings = []
    for _ in range(3):
        rows = rows_since(watched.before, recent(reader))
        frame = client.conversation.frame
        with trial.basis():
            now = trial.metering_now(client)
        readings.append((boundary, Buffer(rows=rows, sure_until=now, now=now, frame=frame)))
        trial.time.advance(1)
    return readings


@then("the row of that capture is there whole or not at all, and never early")
def row_whole_or_not(trial: Trial, watched: Watch, readings: list[tuple[datetime, Buffer]]) -> None:
    jitter_s = watched.declared.jitter_s
    for boundary, buffer in readings:
        due = [boundary] if buffer.rows and buffer.now >= boundary else []
        trial.judge(rows_at(due, buffer.rows, jitter_s=jitter_s), buffer.frame)
