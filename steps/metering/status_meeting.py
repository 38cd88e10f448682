"""The status of rows where two things meet: a set clock and a cut, or a period and a change of summer time."""

from datetime import timedelta

from pytest_bdd import then, when

from harness.headend.client import Client
from harness.run.trial import Trial
from steps.metering.captures import Watch, cut_for, new_rows
from steps.metering.row_status import Disturbed, judge_status, rows_after

_SHARE_DARK = 0.1


@when("the supply is cut as well")
def cut_as_well(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    cut_for(trial, client, _SHARE_DARK * disturbed.watched.declared.period_s)


@then("the next row shows both")
def next_row_shows_both(trial: Trial, client: Client, disturbed: Disturbed) -> None:
    buffer = rows_after(trial, client, disturbed, 2)
    for state in (disturbed.state, "pdn"):
        judge_status(trial, client, buffer.rows[0], {state: True}, buffer.frame)


@then("each row shows summer time from the change on or up to it")
def rows_show_change(trial: Trial, client: Client, watched: Watch) -> None:
    buffer, zone = new_rows(trial, client, watched), watched.zone
    jitter = timedelta(seconds=watched.declared.jitter_s)
    for row in buffer.rows:
        offsets = {zone.offset(row.time - jitter), zone.offset(row.time), zone.offset(row.time + jitter)}
        # A row captured at the very change may count to either side.
        if len(offsets) == 1:
            judge_status(trial, client, row, {"dst": offsets != {zone.standard}}, buffer.frame)
