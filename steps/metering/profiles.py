"""Reading the load profile by range, by entries and in long answers."""

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.checks.judged import Breach
from harness.checks.profile import ProfileRow, same_rows
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.blocks import takes_blocks
from harness.headend.client import Client
from harness.headend.profiles import ProfileReader
from harness.headend.requests import get_next_request, get_request
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.run.trial import Trial

_KNOWN_ROWS = 20
_TIMES_SHOWN = 3
"""Up to so many rows may bear the same time, because the clock was set back."""
_MOST_ROWS_READ = 1500
_YEARS_AHEAD_S = 20 * 366 * 86_400
_FEWEST_ROWS = 3
_FAR_AHEAD = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """What a selection gave, and what it ought to have given."""

    due: tuple[ProfileRow, ...]
    rows: tuple[ProfileRow, ...]
    frame: int
    blocks: int = 0


def profile_of(trial: Trial, client: Client) -> ProfileReader:
    """Return the reader of the declared load profile."""
    return ProfileReader(
        client, trial.object("load_profile"), trial.profile_declaration("load_profile"), trial.object("clock")
    )


def newest_rows(trial: Trial, client: Client, count: int, *, wanted: int, fewest: int) -> list[ProfileRow]:
    """Return up to ``count`` of the newest rows; where a clearing has left fewer than wanted, captures are waited for.

    ``Inconclusive`` where there are fewer than ``fewest`` even then.
    """
    profile = profile_of(trial, client)
    found = newest_of(profile, count)
    rows = since_set_back(found)[-count:]
    if len(rows) < wanted and trial.bench.time is not None and profile.period_s:
        # Another layout or period has cleared the buffer, or the clock was set back not long ago.
        trial.let_pass((wanted + 1) * profile.period_s, client)
        found = newest_of(profile, count)
        rows = since_set_back(found)[-count:]
    if len(rows) < fewest:
        raise Inconclusive(f"the load profile gives {len(rows)} rows, {fewest} are needed", missing="device")
    # Rows from before the clock was set back may bear the same times.
    return [row for row in found if rows[0].time <= row.time <= rows[-1].time]


def newest_of(profile: ProfileReader, count: int) -> list[ProfileRow]:
    """Read at least ``count`` rows, and more where one answer holds them."""
    try:
        return profile.newest(_TIMES_SHOWN * count)
    except Refused:
        return profile.newest(count)


def since_set_back(rows: list[ProfileRow]) -> list[ProfileRow]:
    """Return the last rows captured in which times do not fall."""
    falls = [number for number in range(1, len(rows)) if rows[number].time < rows[number - 1].time]
    return rows[falls[-1] :] if falls else rows


def begin_in_blocks(trial: Trial, client: Client) -> None:
    """Ask for the whole load profile and take its first block; ``Inconclusive`` where it comes in one piece."""
    first = provoke(client.conversation, get_request(trial.object("load_profile")))
    if not first.is_block:
        raise Inconclusive(f"the load profile did not begin to come in blocks: {first.description}", missing="device")


@given("long answers come in blocks")
def long_answers_in_blocks(client: Client) -> None:
    if not takes_blocks(client):
        raise NotApplicable("block transfer is not negotiated", item="associations.conformance")


@given("the load profile is long enough for them")
def long_enough(trial: Trial, client: Client) -> None:
    """A clearing may have left few rows; a profile that is not described is taken as it is."""
    if not trial.time_moves_by_hand or "load_profile" not in trial.declaration.profiles:
        return
    profile = profile_of(trial, client)
    if profile.period_s and profile.entries_in_use() < _KNOWN_ROWS:
        trial.let_pass((_KNOWN_ROWS + 1) * profile.period_s, client)


@given("the newest rows of the load profile are known", target_fixture="known_rows")
def newest_rows_known(trial: Trial, client: Client) -> list[ProfileRow]:
    wanted = _KNOWN_ROWS if trial.time_moves_by_hand else _FEWEST_ROWS
    return newest_rows(trial, client, _KNOWN_ROWS, wanted=wanted, fewest=_FEWEST_ROWS)


@when("the head end reads the load profile from the time of one row to the time of another", target_fixture="rows_read")
def reads_range(trial: Trial, client: Client, known_rows: list[ProfileRow]) -> RowsRead:
    profile = profile_of(trial, client)
    inner = by_time(known_rows)[1:-1]
    rows = profile.range(profile.time_of(inner[0]), profile.time_of(inner[-1]))
    # Rows captured by hand or before the clock was set back may share a time stamp with those at the ends.
    due = tuple(row for row in known_rows if inner[0].time <= row.time <= inner[-1].time)
    return RowsRead(due=due, rows=tuple(rows), frame=client.conversation.frame)


@then("the answer is exactly the rows of that range")
@then("the answer is exactly the newest rows")
def exactly_these_rows(trial: Trial, rows_read: RowsRead) -> None:
    trial.judge(same_rows(rows_read.due, rows_read.rows), rows_read.frame)


@when("the head end reads the newest entries of the load profile by their numbers", target_fixture="rows_read")
def reads_entries(trial: Trial, client: Client, known_rows: list[ProfileRow]) -> RowsRead:
    profile = profile_of(trial, client)
    for _ in range(2):
        newest = in_order_of_capture(profile, len(known_rows))
        rows = profile.newest_by_entry(len(known_rows))
        frame = client.conversation.frame
        if in_order_of_capture(profile, len(known_rows)) == newest:
            return RowsRead(due=tuple(newest), rows=tuple(rows), frame=frame)
    raise Inconclusive("a capture came in between, twice", missing="device")


def by_time(rows: list[ProfileRow]) -> list[ProfileRow]:
    """Return rows by their times; those with one time stay in the order of capture."""
    return sorted(rows, key=lambda row: row.time)


def in_order_of_capture(profile: ProfileReader, count: int) -> list[ProfileRow]:
    """Read the last rows captured without asking for numbers.

    After the clock was set back rows may lie ahead of it, and then a range of time does not say which came last.
    """
    if profile.has_blocks and profile.entries_in_use() <= _MOST_ROWS_READ:
        return profile.whole()[-count:]
    now = profile.now()
    if profile.range(now.later(1), now.later(_YEARS_AHEAD_S)):
        raise Inconclusive("rows lie ahead of the clock, so their times do not say which came last", missing="device")
    return profile.newest_but_not_by_entry(count)


@when(
    parsers.parse("the head end reads these rows with room for {octets:d} octets in one request and in parts of three"),
    target_fixture="rows_read",
)
def reads_long_and_short(trial: Trial, client: Client, octets: int, known_rows: list[ProfileRow]) -> RowsRead:
    client.close()
    client.max_receive_pdu_size = octets
    client.establish()
    profile = profile_of(trial, client)
    profile.columns()
    profile.order()
    ordered = by_time(known_rows)
    first, last = profile.time_of(ordered[0]), profile.time_of(ordered[-1])
    before = client.conversation.answers
    long = profile.range(first, last)
    blocks = client.conversation.answers - before
    frame = client.conversation.frame
    short: list[ProfileRow] = []
    times = list({row.time: profile.time_of(row) for row in ordered}.values())
    for at in range(0, len(times), 3):
        part = times[at : at + 3]
        short += profile.range(part[0], part[-1])
    if ordered != known_rows:
        # The clock was set back among them: the parts do not come in the order of capture.
        short, long = by_time(short), by_time(long)
    return RowsRead(due=tuple(short), rows=tuple(long), frame=frame, blocks=blocks)


@then("the long answer came in blocks")
def came_in_blocks(rows_read: RowsRead) -> None:
    if rows_read.blocks < 2:
        raise Inconclusive("the long answer fitted into one APDU, so no block was judged", missing="device")


@then("both have the same rows")
@then("the long read has exactly these rows")
def both_same(trial: Trial, rows_read: RowsRead) -> None:
    trial.judge(same_rows(rows_read.due, rows_read.rows), rows_read.frame)


@when("a capture period passes between the blocks of a long read of these rows", target_fixture="rows_read")
def captures_between_blocks(trial: Trial, client: Client, known_rows: list[ProfileRow]) -> RowsRead:
    profile = profile_of(trial, client)
    with trial.basis():
        profile.columns()
        profile.order()
    ordered = by_time(known_rows)
    first, last = profile.time_of(ordered[0]), profile.time_of(ordered[-1])
    rows: list[ProfileRow] = []
    before = client.conversation.answers
    for row in profile.stream_range(first, last):
        if not rows:
            trial.let_pass(profile.period_s)
        rows.append(row)
    blocks = client.conversation.answers - before
    if blocks < 2:
        raise Inconclusive("the long answer fitted into one APDU, so nothing could come in between", missing="device")
    return RowsRead(
        due=tuple(known_rows),
        rows=tuple(profile.in_capture_order(rows)),
        frame=client.conversation.frame,
        blocks=blocks,
    )


@when("the head end reads the load profile of a day still to come", target_fixture="rows_read")
def reads_future(trial: Trial, client: Client) -> RowsRead:
    profile = profile_of(trial, client)
    start = profile.now().later(30 * 86_400)
    try:
        rows = profile.range(start, start.later(86_400))
    except Refused:
        rows = []
    return RowsRead(due=(), rows=tuple(rows), frame=client.conversation.frame)


@then("no rows are delivered")
def no_rows(trial: Trial, rows_read: RowsRead) -> None:
    if rows_read.rows:
        trial.judge(
            Breach(expected="no rows", observed=f"{len(rows_read.rows)} rows, the first of {rows_read.rows[0]}"),
            rows_read.frame,
        )


@when("the head end asks for the load profile and then for a block far ahead", target_fixture="provoked")
def asks_for_wrong_block(trial: Trial, client: Client) -> Provoked:
    begin_in_blocks(trial, client)
    return provoke(client.conversation, get_next_request(_FAR_AHEAD))
