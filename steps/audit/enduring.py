"""What becomes of entries: full logs, clocks put back, and the pair of entries of the clock itself."""

from dataclasses import dataclass

from pytest_bdd import parsers, then, when

from harness.checks.audit import Noted, entries_listed
from harness.errors import Inconclusive, Refused
from harness.headend.audit import noted, values_for
from harness.headend.client import Client, item
from harness.headend.data import NOTHING, Data
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.registers import clock_data, read_clock
from harness.run.trial import Trial
from steps.audit.changes import Change, Changes, by_set, changed, event_of, judge_change, parameters_of
from steps.audit.waiting import await_other_time
from steps.clock.events import Logs, has_no_pair, has_pair
from steps.clock.setting import Moved
from steps.tariff.calendar import Sent

_ENTRIES = 8
_CLOCK = 8
_TIME = 2
_MOST_CHANGES = 400
_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Several changes of one parameter, and the log before and after them."""

    code: int
    log: str
    number: int
    before: tuple[LogEntry, ...]
    after: tuple[LogEntry, ...]
    frame: int
    along: frozenset[int] = frozenset()
    """Codes of entries that may come along with each of them."""
    of_clock: bool = False
    """Whether the parameter is one of the clock, such as its zone."""

    @property
    def has_instants(self) -> bool:
        """Whether the times of its entries are instants: local ones alone jump where the zone itself is changed."""
        return not self.of_clock or all(entry.time.deviation_min is not None for entry in self.after)

    @property
    def new(self) -> list[Noted]:
        """The entries that came with them."""
        return noted(entries_since(self.before, self.after))


def values_of_one(trial: Trial, client: Client, kind: str) -> tuple[Change, Data, Data]:
    """Change the first parameter that takes another value; return the change and both values."""
    for parameter in parameters_of(trial, client, kind):
        there = client.read(item(parameter.target, parameter.attribute))
        change = (
            changed(trial, client, parameter, by_set(trial))
            if values_for(trial.declaration, parameter, there)
            else None
        )
        if change is not None and change.value is not None:
            return change, there, change.value
    raise Inconclusive("no other value of a parameter is known (audit.parameters.values)", missing="declaration")


def series(trial: Trial, client: Client, kind: str, number: int) -> Series:
    """Change one parameter to and fro so often."""
    change, old, new = values_of_one(trial, client, kind)
    parameter = change.parameter
    attribute = getattr(parameter, "attribute", _TIME)
    code, log, along = event_of(trial, parameter.event)
    before = read_event_log(client, trial.declaration, log)
    for index in range(number):
        client.set(item(parameter.target, attribute), old if index % 2 == 0 else new)
    after = read_event_log(client, trial.declaration, log)
    return Series(
        code=code,
        log=log,
        number=number,
        before=before,
        after=after,
        frame=client.conversation.frame,
        along=along,
        of_clock=parameter.class_id == _CLOCK,
    )


@when(
    parsers.parse("one {kind} parameter is changed once more often than its log has entries"), target_fixture="series"
)
def flooded(trial: Trial, client: Client, kind: str) -> Series:
    change, _, _ = values_of_one(trial, client, kind)
    log = trial.object(event_of(trial, change.parameter.event)[1])
    depth = client.read(item(log, _ENTRIES)).value
    if not isinstance(depth, int) or depth > _MOST_CHANGES:
        raise Inconclusive(f"the log has {depth} entries; more than {_MOST_CHANGES} are not filled", missing="bench")
    found = series(trial, client, kind, depth + 1)
    # Entries of one second say the same: later ones have to be told from a log that is full of them.
    await_other_time(trial, client, found.log)
    return found


@then("the log holds as many entries as fit, the newest of them all of these changes")
def only_newest(trial: Trial, series: Series) -> None:
    times = [one.time for one in noted(series.after)]
    wrong = next((one for one in noted(series.after) if one.code not in {series.code} | series.along), None)
    least = len(series.after) // (1 + len(series.along))
    number = sum(one.code == series.code for one in series.after)
    if wrong is not None or number < least or len(series.after) < series.number - 1:
        raise trial.fail(
            expected=f"{series.number - 1} entries after {series.number} changes, {least} or more {series.code}",
            observed=f"{len(series.after)} entries, {number} of them {series.code}"
            + (f", one of them {wrong.code} at {wrong.text}" if wrong else ""),
            frame=series.frame,
        )
    known = [one for one in times if one is not None]
    if series.has_instants and known != sorted(known):
        raise trial.fail(
            expected="entries in the order of the changes", observed="earlier times after later", frame=series.frame
        )


@then("one further change is the newest entry and the oldest one has gone")
def one_more(trial: Trial, client: Client, series: Series) -> None:
    await_other_time(trial, client, series.log)
    further = values_of_one(trial, client, "audited")[0]
    entry = judge_change(trial, further)
    after = read_event_log(client, trial.declaration, series.log)
    if len(after) > len(series.after) or noted(after)[-1].time != entry.time:
        raise trial.fail(
            expected=f"at most {len(series.after)} entries, the newest at {entry.text}",
            observed=f"{len(after)} entries, the newest at {noted(after)[-1].text}",
            frame=client.conversation.frame,
        )


@when(parsers.parse("one {kind} parameter is changed {number:d} times at once"), target_fixture="series")
def at_once(trial: Trial, client: Client, kind: str, number: int) -> Series:
    return series(trial, client, kind, number)


@then("there are as many entries")
def as_many(trial: Trial, series: Series) -> None:
    found = [one for one in series.new if one.code == series.code]
    if len(found) != series.number:
        raise trial.fail(
            expected=f"{series.number} entries {series.code} of as many changes",
            observed=entries_listed(series.new),
            frame=series.frame,
        )


@when("an audited parameter is changed before and after the clock is put back by an hour", target_fixture="series")
def over_clock_step(trial: Trial, client: Client) -> Series:
    change, old, new = values_of_one(trial, client, "audited")
    code, log, _ = event_of(trial, change.parameter.event)
    attribute = getattr(change.parameter, "attribute", _TIME)
    clock = trial.object("clock")
    trial.changes.clock(client.declared.id, clock)
    await_other_time(trial, client, log)
    before = read_event_log(client, trial.declaration, log)
    client.set(item(change.parameter.target, attribute), old)
    client.set(item(clock, _TIME), clock_data(read_clock(client, clock).later(-_HOUR_S)))
    client.set(item(change.parameter.target, attribute), new)
    return Series(
        code=code,
        log=log,
        number=2,
        before=before,
        after=read_event_log(client, trial.declaration, log),
        frame=client.conversation.frame,
    )


@then("both entries stand in the order of the changes, the later one with the earlier time")
def order_of_occurrence(trial: Trial, series: Series) -> None:
    found = [one for one in series.new if one.code == series.code]
    times = [one.time for one in found]
    if len(found) != 2 or times[0] is None or times[1] is None:
        raise trial.fail(expected="two entries of two changes", observed=entries_listed(series.new), frame=series.frame)
    if times[1] >= times[0]:
        raise trial.fail(
            expected="the entry of the earlier change first, whatever its time",
            observed=entries_listed(found),
            frame=series.frame,
        )


@then("the reading client can read the entries and not delete them")
def read_not_delete(trial: Trial, client: Client, audit_changes: Changes) -> None:
    client.close()
    reading = trial.head_end.associate("reading")
    for change in audit_changes.made:
        code, log, _ = event_of(trial, change.parameter.event)
        entry = judge_change(trial, change)
        trial_log = trial.object(log)
        try:
            reading.action(trial_log, 1, NOTHING)
        except Refused:
            pass
        else:
            raise trial.fail(
                expected=f"the reset of {log} to be refused to the reading client",
                observed="carried out",
                frame=reading.conversation.frame,
            )
        try:
            entries = read_event_log(reading, trial.declaration, log)
        except Refused as refused:
            raise trial.fail(expected=f"{log} to be readable by the reading client", observed=str(refused)) from refused
        if not any(one.code == code and one.text == entry.text for one in noted(entries)):
            raise trial.fail(
                expected=f"the entry {code} at {entry.text}",
                observed="none",
                frame=reading.conversation.frame,
            )
    reading.close()
    client.establish()


@then("the entries from before the activation are still there")
def entries_before_kept(trial: Trial, client: Client, sent: Sent) -> None:
    after = read_event_log(client, trial.declaration, event_of(trial, "tariff_activated")[1])
    kept = len(after) - len(entries_since(sent.log, after))
    # A full log loses its oldest entry to each new one.
    if kept < len(sent.log) and len(after) < len(sent.log):
        raise trial.fail(
            expected=f"the {len(sent.log)} entries from before a calendar came into force",
            observed=f"{kept} of them among {len(after)}",
            frame=client.conversation.frame,
        )


@then("the log has the pair or the time was not taken, as declared")
def pair_or_nothing(trial: Trial, client: Client, clock_logs: Logs, moved_clock: Moved) -> None:
    if trial.declaration.clock.broadcast == "set":
        has_pair(trial, client, clock_logs, moved_clock)
    else:
        has_no_pair(trial, client, clock_logs)
