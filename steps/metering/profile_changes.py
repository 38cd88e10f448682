"""Changes of the load profile's parameters, and what becomes of the rows."""

from collections.abc import Sequence
from datetime import timedelta

from pytest_bdd import parsers, then, when

from harness.checks.captures import capture_instants, rows_at
from harness.checks.judged import Breach
from harness.checks.profile import grid_is_certain
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.client import Client
from harness.headend.profile_setup import (
    CAPTURE_OBJECTS,
    CAPTURE_PERIOD,
    COMMON_PERIODS_S,
    PROFILE_ENTRIES,
    TRIGGER,
    columns_data,
    number_data,
)
from harness.headend.profiles import Column
from harness.run.trial import Trial
from steps.metering.calendar import calendar_of
from steps.metering.profile_setup import Buffer, Configured, changed, due_since, is_status, reader_of, settled_rows

_CAPTURE = 2
_SHORT_OF_BOUNDARY_S = 2
_CLOCK_CLASS = 8
_SMALL_DEPTHS = (5, 10, 20, 50)
_MORE_ENTRIES = 3


def other_columns(trial: Trial, columns: Sequence[Column], how: str) -> list[Column]:
    """Return other objects to capture: ``fewer`` or ``more`` than now."""
    declared = trial.profile_declaration("load_profile")
    if how == "fewer":
        values = [one for one in columns if one.class_id != _CLOCK_CLASS and not is_status(one)]
        if len(values) < 2:
            raise Inconclusive("the load profile captures a single value, so none can be taken away", missing="device")
        return [one for one in columns if one != values[-1]]
    captured = {(one.class_id, one.obis, one.attribute) for one in columns}
    more = [one for one in declared.quantities if (one.class_id, one.obis, one.attribute) not in captured]
    if not more:
        raise Inconclusive(
            "the declaration names nothing else that can be captured (profiles.load_profile.quantities)",
            missing="declaration",
        )
    added = more[0]
    return [*columns, Column(class_id=added.class_id, obis=added.obis, attribute=added.attribute, index=0)]


@when(parsers.parse("the load profile is told to capture {how} objects"), target_fixture="configured")
def captures_other_objects(trial: Trial, client: Client, how: str) -> Configured:
    declared = trial.profile_declaration("load_profile")
    with trial.basis():
        columns = reader_of(trial, client, declared).columns()
    wanted = other_columns(trial, columns, how)
    try:
        return changed(trial, client, CAPTURE_OBJECTS, columns_data(wanted), declared, wanted)
    except Refused as refused:
        raise trial.fail(
            expected=f"{len(wanted)} capture objects to be taken: {', '.join(one.obis for one in wanted)}",
            observed=refused.answer,
        ) from refused


def other_periods(trial: Trial, length: str) -> list[int]:
    """Return periods to set, the likeliest first: ``shorter`` or ``longer`` than now."""
    declared = trial.profile_declaration("load_profile")
    now_s = declared.period_s
    allowed = declared.allowed_periods_s or COMMON_PERIODS_S
    found = [one for one in sorted(allowed) if one and (one < now_s if length == "shorter" else one > now_s)]
    if not found:
        raise NotApplicable(f"no {length} period than {now_s} s can be set", item="profiles.allowed_periods_s")
    return found


@when(parsers.parse("the capture period is set to a {length} one"), target_fixture="configured")
def sets_other_period(trial: Trial, client: Client, length: str) -> Configured:
    return period_set(trial, client, other_periods(trial, length))


def period_set(trial: Trial, client: Client, periods: Sequence[int]) -> Configured:
    """Set the first of these periods that the device takes."""
    declared = trial.profile_declaration("load_profile")
    answers = []
    for period_s in periods:
        try:
            return changed(
                trial,
                client,
                CAPTURE_PERIOD,
                number_data(period_s),
                declared.model_copy(update={"period_s": period_s}),
            )
        except Refused as refused:
            answers.append(f"{refused.answer} to {period_s} s")
            if declared.allowed_periods_s is not None:
                break
    raise trial.fail(expected="another capture period to be taken", observed=", ".join(answers))


@when(
    parsers.parse("the capture period is set to a shorter one just before a capture"),
    target_fixture="configured",
)
def sets_period_before_capture(trial: Trial, client: Client) -> Configured:
    periods = other_periods(trial, "shorter")
    declared = trial.profile_declaration("load_profile")
    with trial.basis():
        zone = calendar_of(trial, client)
        now = trial.metering_now(client)
    period = timedelta(seconds=declared.period_s)
    ahead = capture_instants(now, now + 2 * period, period_s=declared.period_s, local=zone.local, instant=zone.instant)
    if not declared.period_s or not ahead:
        raise Inconclusive("no capture is due", missing="declaration")
    trial.reach(ahead[0] - timedelta(seconds=_SHORT_OF_BOUNDARY_S), client)
    return period_set(trial, client, periods)


@when("automatic captures are switched off", target_fixture="configured")
def captures_switched_off(trial: Trial, client: Client) -> Configured:
    declared = trial.profile_declaration("load_profile")
    if declared.allowed_periods_s is not None and 0 not in declared.allowed_periods_s:
        raise NotApplicable("period 0 is not among the declared ones", item="profiles.allowed_periods_s")
    try:
        return changed(trial, client, CAPTURE_PERIOD, number_data(0), declared)
    except Refused as refused:
        if declared.allowed_periods_s is not None:
            raise trial.fail(expected="period 0 to be taken, as declared", observed=refused.answer) from refused
        raise NotApplicable(
            f"period 0 is refused with {refused.answer}", item="profiles.allowed_periods_s"
        ) from refused


@then("no row comes by itself")
def no_row_by_itself(trial: Trial, client: Client, configured: Configured) -> None:
    trial.let_pass(2 * configured.declared.period_s, client)
    buffer = settled_rows(trial, client, configured)
    new = [row for row in buffer.rows if row.time > configured.settled_at]
    trial.judge(rows_at((), new, jitter_s=configured.declared.jitter_s), client.conversation.frame)


@then("a capture on demand gives exactly one row, of its own time")
def one_row_on_demand(trial: Trial, client: Client, configured: Configured) -> None:
    declared = configured.declared
    if not declared.on_demand:
        raise NotApplicable("rows are not captured on demand", item="profiles.load_profile.on_demand")
    with trial.basis():
        before = settled_rows(trial, client, configured).rows
        asked = trial.metering_now(client)
    try:
        client.action(configured.profile, _CAPTURE, TRIGGER)
    except Refused as refused:
        raise trial.fail(expected="a capture on demand", observed=refused.answer) from refused
    with trial.basis():
        done = trial.metering_now(client)
    new = settled_rows(trial, client, configured).rows[len(before) :]
    middle = asked + (done - asked) / 2
    allowed_s = declared.jitter_s + (done - asked).total_seconds()
    trial.judge(rows_at((middle,), new, jitter_s=allowed_s), client.conversation.frame)


def depth_set(trial: Trial, client: Client, depths: Sequence[int]) -> Configured:
    """Set the first of these numbers of rows that the device takes."""
    declared = trial.profile_declaration("load_profile")
    answers = []
    for depth in depths:
        try:
            return changed(
                trial, client, PROFILE_ENTRIES, number_data(depth), declared.model_copy(update={"entries": depth})
            )
        except Refused as refused:
            answers.append(f"{refused.answer} to {depth}")
    raise trial.fail(expected="another number of entries to be taken", observed=", ".join(answers))


@when("the number of entries is set to a small one", target_fixture="configured")
def sets_small_depth(trial: Trial, client: Client) -> Configured:
    declared = trial.profile_declaration("load_profile")
    depths = [one for one in _SMALL_DEPTHS if one < declared.entries] or [max(1, declared.entries - 1)]
    return depth_set(trial, client, depths)


@when("the number of entries is raised a little", target_fixture="configured")
def raises_depth(trial: Trial, client: Client, configured: Configured) -> Configured:
    return depth_set(trial, client, (configured.declared.entries + _MORE_ENTRIES,))


@when("more captures are made than there are entries", target_fixture="buffer")
def more_captures_than_entries(trial: Trial, client: Client, configured: Configured) -> Buffer:
    declared = configured.declared
    trial.judge(grid_is_certain(declared.period_s))
    trial.let_pass((declared.entries + 2) * declared.period_s, client)
    return settled_rows(trial, client, configured)


@then("the buffer has the newest rows, as many as there are entries")
def newest_rows_kept(trial: Trial, client: Client, configured: Configured, buffer: Buffer) -> None:
    due = due_since(configured, buffer)[-configured.declared.entries :]
    trial.judge(rows_at(due, buffer.rows, jitter_s=configured.declared.jitter_s), client.conversation.frame)
    in_use = reader_of(trial, client, configured.declared).entries_in_use()
    if in_use != len(due):
        breach = Breach(expected=f"{len(due)} entries in use", observed=f"{in_use}")
        trial.judge(breach, client.conversation.frame)
