"""Reading the load profile in part: what each selection names, and what comes."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.selection import Got, selection_answered
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.blocks import selects_rows
from harness.headend.client import Client
from harness.headend.known_rows import Asked, KnownRows
from harness.headend.profiles import ProfileReader
from harness.headend.registers import DateTime
from harness.headend.row_selections import ENTRY_SELECTIONS, RANGE_SELECTIONS, UNAGREED_SELECTION
from harness.run.trial import Trial
from steps.metering.calendar import calendar_of
from steps.metering.profiles import profile_of

_MOST_ROWS_READ = 1500
_WINDOW = 20
_FEWEST_ROWS = 5
_LOAD_W = Decimal(3000)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What was asked for, and what came."""

    asked: Asked
    got: Got
    frame: int


@given("the load profile holds rows to select from")
def holds_rows(trial: Trial, client: Client) -> None:
    profile = profile_of(trial, client)
    if trial.bench.time is None or not profile.period_s:
        return
    if trial.time_moves_by_hand and trial.may_vary_load:
        # Rows under a load differ in their energies.
        trial.apply_load(_LOAD_W)
        trial.let_pass((_FEWEST_ROWS + 1) * profile.period_s, client)
    elif profile.entries_in_use() < _FEWEST_ROWS:
        trial.let_pass((_FEWEST_ROWS + 1) * profile.period_s, client)


def known_rows(profile: ProfileReader, *, by_number: bool, both_bounds: bool) -> KnownRows:
    """Read rows without the kind of selection that is to be judged, as far as there is another way."""
    in_use = profile.entries_in_use()
    whole = by_number and in_use <= _MOST_ROWS_READ and profile.has_blocks
    if whole:
        rows = profile.whole()
    elif by_number or profile.has_blocks:
        rows = profile.newest_but_not_by_entry(_WINDOW)
    else:
        rows = profile.newest(_WINDOW)
    if len(rows) < _FEWEST_ROWS:
        raise Inconclusive(
            f"the load profile gives {len(rows)} rows, {_FEWEST_ROWS} are needed to tell selections apart",
            missing="device",
        )
    if by_number and profile.order() == "sorted":
        raise Inconclusive("the rows are sorted by values, so numbers do not say which are new", missing="device")
    return KnownRows(
        rows=tuple(rows),
        columns=profile.columns(),
        clock_column=profile.clock_column(),
        order=profile.order(),
        in_use=len(rows) if whole else in_use,
        both_bounds=both_bounds,
    )


@when(parsers.parse('the head end selects rows by range: "{name}"'), target_fixture="answered")
def selects_range(trial: Trial, client: Client, name: str) -> Answered:
    return select(trial, client, RANGE_SELECTIONS, name, by_number=False)


@when(parsers.parse('the head end selects rows by number: "{name}"'), target_fixture="answered")
def selects_entries(trial: Trial, client: Client, name: str) -> Answered:
    return select(trial, client, ENTRY_SELECTIONS, name, by_number=True)


def select(
    trial: Trial, client: Client, table: Mapping[str, Callable[[KnownRows], Asked]], name: str, *, by_number: bool
) -> Answered:
    """Ask for a selection of rows that are known; once more where a capture came in between."""
    profile = profile_of(trial, client)
    both_bounds = trial.profile_declaration("load_profile").range_bounds == "both"
    if not by_number:
        leave_doubled_hour(trial, client, profile)
    for _ in range(2):
        # Rows to hold ranges against come by a range too: what is wrong with them is what is judged.
        with trial.basis() if by_number else nullcontext():
            last = profile.newest_but_not_by_entry(1)
            known = known_rows(profile, by_number=by_number, both_bounds=both_bounds)
        asked = table[name](known)
        got = rows_of(profile, asked)
        frame = client.conversation.frame
        with trial.basis():
            if profile.newest_but_not_by_entry(1) == last:
                return Answered(asked=asked, got=got, frame=frame)
    raise Inconclusive("a capture came in between, twice", missing="device")


def leave_doubled_hour(trial: Trial, client: Client, profile: ProfileReader) -> None:
    """Wait until no row that will be known is of the hour that comes twice, where stamps leave their deviation open.

    A bound in that hour names two instants.
    """
    # These rows come by a range too: what is wrong with them is what is judged.
    rows = profile.newest_but_not_by_entry(1)
    stamps = [row.values[profile.clock_column()] for row in rows]
    if any(isinstance(one, bytes) and DateTime.from_octets(one).deviation_min is not None for one in stamps):
        return
    with trial.basis():
        zone, now = calendar_of(trial, client), trial.metering_now(client)
    known = timedelta(seconds=(_WINDOW + 1) * profile.period_s)
    change = zone.next_dst_change(now - known - _HOUR, "back") if zone.told else None
    if change is None or now < change - _HOUR:
        return
    if not trial.time_moves_by_hand:
        raise Inconclusive("times of the hour that comes twice do not say which is meant", missing="device")
    trial.let_pass((change + _HOUR + known - now).total_seconds(), client)


def rows_of(profile: ProfileReader, asked: Asked) -> Got:
    """Send a selection and return the cells that come, the oldest row first, or the error."""
    try:
        cells = profile.cells(asked.selection)
    except Refused as refused:
        return Got(answer=refused.answer, rows=())
    return Got(answer="data" if cells else "empty", rows=cells)


@then("exactly what it names is delivered")
@then("no other rows are delivered")
def exactly_what_it_names(trial: Trial, answered: Answered) -> None:
    asked = answered.asked
    conditions = [one for one in (asked.condition, asked.other_condition) if one is not None]
    answers = tuple(sorted(trial.refusals(*conditions))) if conditions else ()
    rows = None if asked.rows is None else asked.due
    trial.judge(selection_answered(rows, answers, answered.got), answered.frame)


@given("the reading client is associated without selective access", target_fixture="client")
def associated_without_selection(trial: Trial) -> Client:
    declared = trial.head_end.association("reading")
    without = tuple(name for name in declared.conformance if name != "SELECTIVE_ACCESS")
    return trial.head_end.associate_declared(declared.model_copy(update={"conformance": without}))


@when("the head end selects a row all the same", target_fixture="answered")
def selects_all_the_same(trial: Trial, client: Client) -> Answered:
    if selects_rows(client):
        raise NotApplicable("the device grants selective access to who does not ask for it", item="associations")
    got = rows_of(profile_of(trial, client), UNAGREED_SELECTION)
    return Answered(asked=UNAGREED_SELECTION, got=got, frame=client.conversation.frame)
