"""What of changes outlives a power cut: their entries, their values and their count."""

from collections import Counter
from collections.abc import Sequence

from pytest_bdd import then, when

from harness.checks.audit import entries_listed
from harness.declaration import AuditedParameter
from harness.headend.audit import AuditState, noted
from harness.headend.client import Client, item
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.run.trial import Trial
from steps.audit.changes import Change, Changes, event_of, judge_change, state_of


@when("the supply is cut and comes back")
def supply_cut(trial: Trial, client: Client) -> None:
    client.close()
    trial.at_the_end(trial.power.restore)
    trial.power.cut()
    trial.power.restore()
    trial.head_end.associate_again(client)


@then("the entries of these changes are still there, and nothing of them is left to be told again")
def still_there(trial: Trial, client: Client, audit_changes: Changes) -> None:
    last = audit_changes.made[-1].after
    # Changes within one second leave entries that look alike: as many of them have to be there as there were changes.
    alike: Counter[tuple[str, int, str]] = Counter()
    for change in audit_changes.made:
        judge_kept(trial, client, change)
        code, log, _ = event_of(trial, change.parameter.event)
        now = read_event_log(client, trial.declaration, log)
        entry = judge_change(trial, change)
        there = [one for one in noted(now) if one.code == code and one.text == entry.text]
        alike[log, code, entry.text] += 1
        if len(there) < alike[log, code, entry.text] and not rolled_out(change.after.logs[log], now):
            raise trial.fail(
                expected=f"the entry {code} at {entry.text} of {change.parameter} after a power cut",
                observed=f"{len(there)} of them among {len(now)} entries, and {alike[log, code, entry.text]} were made",
                frame=client.conversation.frame,
            )
        again = [one for one in noted(entries_since(last.logs[log], now)) if one.code == code]
        if again:
            raise trial.fail(
                expected="no further entry of a change with a power cut",
                observed=entries_listed(again),
                frame=client.conversation.frame,
            )
    judge_still_counted(trial, client, last)


def judge_still_counted(trial: Trial, client: Client, last: AuditState) -> None:
    """What was counted before a power cut is counted after it, and the last change has its date."""
    now = state_of(trial, client)
    if last.count is None or now.count is None:
        return
    if now.count < last.count or (now.count == last.count and now.date != last.date):
        raise trial.fail(
            expected=f"{last.count} changes counted, the last of them at {last.changed_at()}, after a power cut too",
            observed=f"{now.count}, at {now.changed_at()}",
            frame=client.conversation.frame,
        )


def rolled_out(before: Sequence[LogEntry], now: Sequence[LogEntry]) -> bool:
    """Whether a log that is no shorter than it was has nothing left of what stood in it."""
    return len(now) >= len(before) and len(entries_since(before, now)) == len(now)


def judge_kept(trial: Trial, client: Client, change: Change) -> None:
    """An entry that tells of a change stands for a value that is still there."""
    if not isinstance(change.parameter, AuditedParameter) or change.value is None:
        return
    there = client.read(item(change.parameter.target, change.parameter.attribute))
    if there != change.value:
        raise trial.fail(
            expected=f"{change.parameter} to be {change.value.value!r} after a power cut, as its entry tells",
            observed=f"{there.value!r}",
            frame=client.conversation.frame,
        )
