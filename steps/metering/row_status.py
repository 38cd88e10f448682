"""The status of rows: what it says of summer time, of the clock, of the supply and of the device itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from harness.checks.captures import none_between
from harness.checks.profile import ProfileRow
from harness.checks.row_status import shown_states, states_shown, status_number
from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client, item
from harness.headend.profiles import ProfileReader
from harness.headend.registers import clock_data, read_clock
from harness.run.trial import Trial
from steps.metering.captures import Watch, cut_for, new_rows, watched_from_now
from steps.metering.profile_setup import Buffer, is_status, reader_of

_CLOCK_TIME = 2
_SHARE_INTO_PERIOD = 0.3
_FAULTS = ("err", "civ", "dnv", "cad", "pdn")
_NOT_ALONG: Mapping[str, tuple[str, ...]] = {"cad": ("pdn", "err"), "pdn": ("err",)}
"""What a state does not bring along. After a cut the clock may be in doubt, so a cut may show more."""
_DARK_PERIODS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbed:
    """What has happened to the device while the load profile was watched."""

    watched: Watch
    state: str
    """The state that the next row must show."""
    buffer: Buffer | None = None


def status_column(trial: Trial, reader: ProfileReader) -> int:
    """Return the column of the row's status: the declared one, else the one that its code tells."""
    declared = trial.profile_declaration("load_profile").status_column
    if declared is not None:
        return reader.column_of(declared, declared.attribute)
    found = [number for number, column in enumerate(reader.columns()) if is_status(column)]
    if len(found) != 1:
        raise Inconclusive(
            f"{len(found)} columns of the load profile may be its status (profiles.load_profile.status_column)",
            missing="declaration",
        )
    return found[0]


def judge_status(trial: Trial, client: Client, row: ProfileRow, due: Mapping[str, bool], frame: int) -> None:
    """Judge the status of one row."""
    declared = trial.profile_declaration("load_profile")
    column = status_column(trial, reader_of(trial, client, declared))
    trial.judge(states_shown(f"the row of {row}", status_of(row, column), declared.status.model_dump(), due), frame)


def status_of(row: ProfileRow, column: int) -> int:
    """Return the status of a row as a number."""
    status = status_number(row.values[column])
    if status is None:
        reason = f"the status {row.values[column]!r} of a row is neither a number nor bits"
        raise Inconclusive(reason, missing="declaration")
    return status


@given(parsers.parse("the device's time is in {season}"))
def time_in_season(trial: Trial, client: Client, season: str) -> None:
    with trial.basis():
        watched = watched_from_now(trial, client)
    zone, now = watched.zone, watched.began
    if zone.next_dst_change(now, "forward") is None:
        raise NotApplicable("the clock has no summer time", item="clock.dst")
    is_summer = zone.offset(now) != zone.standard
    if is_summer != (season == "summer"):
        change = zone.next_dst_change(now, "forward" if season == "summer" else "back")
        if change is None:
            raise NotApplicable("the clock has no change of summer time", item="clock.dst")
        trial.reach(change + timedelta(seconds=3 * watched.declared.period_s), client)
    # What happened in the period under way, a setting of the clock to come here for one, shows in its row.
    trial.let_pass(watched.declared.period_s, client)


@then(parsers.parse("each row shows that it is {season}, and no disturbance"))
def rows_show_season(trial: Trial, client: Client, buffer: Buffer, season: str) -> None:
    if not buffer.rows:
        raise trial.fail(expected="rows of the captures that were due", observed="no rows", frame=buffer.frame)
    for row in buffer.rows:
        judge_status(trial, client, row, {"dst": season == "summer"}, buffer.frame)
        judge_status(trial, client, row, dict.fromkeys(_FAULTS, False), buffer.frame)


def into_period(trial: Trial, client: Client) -> Watch:
    """Watch the load profile from a third into a period on."""
    watched = watched_from_now(trial, client)
    period_s = watched.declared.period_s
    (boundary, *_) = watched.due(watched.began, watched.began + timedelta(seconds=2 * period_s))
    trial.let_pass((boundary - watched.began).total_seconds() + _SHARE_INTO_PERIOD * period_s, client)
    return watched_from_now(trial, client)


def step_clock(trial: Trial, client: Client, seconds: float) -> None:
    """Set the clock forward or back for the time of the scenario."""
    clock = trial.object("clock")
    trial.changes.clock(client.declared.id, clock)
    with trial.basis():
        now = read_clock(client, clock)
        client.set(item(clock, _CLOCK_TIME), clock_data(now.later(seconds)))


@when(parsers.parse("the clock is set {direction} by more than its limit"), target_fixture="disturbed")
def clock_set(trial: Trial, client: Client, direction: str) -> Disturbed:
    watched = into_period(trial, client)
    step_s = round(1.2 * trial.declaration.clock.sync_limit_s) + 1
    if step_s >= _SHARE_INTO_PERIOD * watched.declared.period_s:
        raise Inconclusive("the clock's limit is longer than a third of the capture period", missing="declaration")
    step_clock(trial, client, step_s if direction == "forward" else -step_s)
    return Disturbed(watched=watched, state="cad")


@when("the clock is set by less than its limit", target_fixture="disturbed")
def clock_synchronised(trial: Trial, client: Client) -> Disturbed:
    if "sync_limit_s" not in trial.declaration.clock.model_fields_set:
        raise Inconclusive("the declaration does not mention clock.sync_limit_s", missing="declaration")
    watched = into_period(trial, client)
    step_clock(trial, client, max(1, round(trial.declaration.clock.sync_limit_s / 3)))
    return Disturbed(watched=watched, state="cad")


@when(parsers.parse("the clock is set {direction} across {periods:d} captures"), target_fixture="disturbed")
def clock_set_across(trial: Trial, client: Client, direction: str, periods: int) -> Disturbed:
    watched = into_period(trial, client)
    seconds = periods * watched.declared.period_s
    step_clock(trial, client, seconds if direction == "forward" else -seconds)
    return Disturbed(watched=watched, state="cad")


@when("the supply is cut for a part of one period", target_fixture="disturbed")
def cut_in_period(trial: Trial, client: Client) -> Disturbed:
    watched = into_period(trial, client)
    cut_for(trial, client, 0.1 * watched.declared.period_s)
    return Disturbed(watched=watched, state="pdn")


@when("the supply is cut for several periods", target_fixture="disturbed")
def cut_for_periods(trial: Trial, client: Client) -> Disturbed:
    watched = into_period(trial, client)
    cut_for(trial, client, _DARK_PERIODS * watched.declared.period_s)
    return Disturbed(watched=watched, state="pdn")


@when("the device loses its time", target_fixture="disturbed")
def device_loses_time(trial: Trial, client: Client) -> Disturbed:
    watched = into_period(trial, client)
    trial.changes.clock(client.declared.id, trial.object("clock"))
    trial.disturbance.invalidate_clock()
    return Disturbed(watched=watched, state="civ")


@when("the device has a critical fault", target_fixture="disturbed")
def device_has_fault(trial: Trial, client: Client) -> Disturbed:
    watched = into_period(trial, client)
    disturbance = trial.disturbance
    trial.at_the_end(lambda: disturbance.fault(present=False))
    disturbance.fault(present=True)
    return Disturbed(watched=watched, state="err")


def rows_after(trial: Trial, client: Client, disturbed: Disturbed, periods: int) -> Buffer:
    """Let captures happen and return the rows since the disturbance."""
    trial.let_pass(periods * disturbed.watched.declared.period_s, client)
    buffer = new_rows(trial, client, disturbed.watched)
    if len(buffer.rows) < periods:
        raise trial.fail(
            expected=f"at least {periods} rows after {periods} capture periods",
            observed=f"{len(buffer.rows)} rows",
            frame=buffer.frame,
        )
    return buffer


@then("the next row shows it, and the one after that no more")
def next_row_shows(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    buffer = rows_after(trial, client, disturbed, 2)
    declared = trial.profile_declaration("load_profile").status.model_dump()
    others = {one: False for one in _NOT_ALONG[disturbed.state] if isinstance(declared[one], int)}
    judge_status(trial, client, buffer.rows[0], {disturbed.state: True}, buffer.frame)
    if others:
        judge_status(trial, client, buffer.rows[0], others, buffer.frame)
    judge_status(trial, client, buffer.rows[-1], {disturbed.state: False}, buffer.frame)


@then("no row shows an adjustment")
def no_row_shows(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    buffer = rows_after(trial, client, disturbed, 2)
    for row in buffer.rows:
        judge_status(trial, client, row, {disturbed.state: False}, buffer.frame)


@then("each row shows an invalid clock and invalid data until the clock is set")
def rows_show_invalid(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    buffer = rows_after(trial, client, disturbed, 1)
    for row in buffer.rows:
        judge_status(trial, client, row, {"civ": True}, buffer.frame)
        judge_status(trial, client, row, {"dnv": True}, buffer.frame)
    with trial.basis():
        clock = trial.object("clock")
        client.set(item(clock, _CLOCK_TIME), clock_data(read_clock(client, clock).later(0)))
        later = Disturbed(watched=watched_from_now(trial, client), state="civ")
    buffer = rows_after(trial, client, later, 2)
    judge_status(trial, client, buffer.rows[-1], {"civ": False, "dnv": False}, buffer.frame)


@then("the next row shows it for as long as the fault is there")
def fault_shown(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    buffer = rows_after(trial, client, disturbed, 2)
    for row in buffer.rows:
        judge_status(trial, client, row, {"err": True}, buffer.frame)
    trial.disturbance.fault(present=False)
    later = Disturbed(watched=watched_from_now(trial, client), state="err")
    buffer = rows_after(trial, client, later, 2)
    judge_status(trial, client, buffer.rows[-1], {"err": False}, buffer.frame)


@then("periods without supply have no rows, or marked ones")
def dark_periods(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    watched = disturbed.watched
    declared = watched.declared
    buffer = rows_after(trial, client, disturbed, 2)
    with trial.basis():
        column = status_column(trial, reader_of(trial, client, declared))
    # The first row since the cut may be the one of power up; rows of the dark lie before its period.
    first_due = watched.due(watched.began, buffer.now)
    dark_from = watched.began
    dark_to = watched.began + timedelta(seconds=_DARK_PERIODS * declared.period_s)
    bits = declared.status.model_dump()
    dark = [row for row in buffer.rows if dark_from < row.time < dark_to]
    if declared.power_off_rows == "none":
        trial.judge(none_between(dark, dark_from, dark_to, jitter_s=declared.jitter_s), buffer.frame)
    for row in dark:
        if not shown_states(status_of(row, column), bits).get("pdn", False):
            raise trial.fail(
                expected=f"no row of {row}, when there was no supply, or one that shows power down",
                observed=f"status {status_of(row, column):02X}",
                frame=buffer.frame,
            )
    if len(buffer.rows) > len(first_due) + 1:
        raise trial.fail(expected=f"{len(first_due) + 1} rows at most", observed=f"{len(buffer.rows)} rows")


@then("the first row with supply shows the cut, and a later one no more")
def first_row_shows_cut(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    watched = disturbed.watched
    buffer = rows_after(trial, client, disturbed, 2)
    restored = watched.began + timedelta(seconds=_DARK_PERIODS * watched.declared.period_s)
    lit = [row for row in buffer.rows if row.time >= restored]
    judge_status(trial, client, lit[0], {"pdn": True}, buffer.frame)
    judge_status(trial, client, buffer.rows[-1], {"pdn": False}, buffer.frame)


@then("from then on each capture has exactly one row by the new time")
def rows_by_new_time(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    with trial.basis():
        stepped = trial.metering_now(client)
        before = [row.time for row in disturbed.watched.before[-1:]]
    buffer = rows_after(trial, client, disturbed, 2)
    watched = disturbed.watched
    due = watched.due(stepped, buffer.now)
    times = [row.time for row in buffer.rows]
    jitter = timedelta(seconds=watched.declared.jitter_s)
    regular = [time for time in times if any(abs(time - one) <= jitter for one in due)]
    # For what lies between old and new time a device may have rows of its own.
    missing = [one for one in due if one <= buffer.sure_until and not any(abs(time - one) <= jitter for time in times)]
    if missing:
        raise trial.fail(
            expected=f"a row for the capture due at {missing[0]:%Y-%m-%d %H:%M:%S} UTC after the clock was set",
            observed=f"{len(times)} rows since {before[0] if before else 'then'}",
            frame=buffer.frame,
        )
    if len(regular) > len(due):
        raise trial.fail(
            expected=f"{len(due)} rows since the clock was set", observed=f"{len(regular)} rows", frame=buffer.frame
        )
