"""Scheduled readings: what came since the last poll, what is missing, and the poll for that alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pytest_bdd import given, parsers, then, when

from harness.checks.profile import CaptureSchedule, ProfileRow, same_rows
from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client
from harness.headend.collecting import Collector, Gap
from harness.run.trial import Trial
from steps.metering.profiles import profile_of

_BEGIN = datetime(2026, 3, 2, 10, tzinfo=UTC)
_PERIOD = timedelta(minutes=15)
_DUE = [_BEGIN + number * _PERIOD for number in range(1, 11)]
_FEWEST_KNOWN = 6


# The head end's own part


@dataclass
class ScriptedProfile:
    """A meter whose line loses some sets of the first poll, and whose profile may lack some for good."""

    lost: set[int]
    never: set[int]
    polls: list[tuple[datetime, datetime]] = field(default_factory=list)

    def poll(self, since: datetime, until: datetime) -> Sequence[ProfileRow]:
        """Answer one poll."""
        self.polls.append((since, until))
        gone = self.never | (self.lost if len(self.polls) == 1 else set())
        return [
            ProfileRow(time=instant, values=(instant.isoformat(), number))
            for number, instant in enumerate(_DUE, start=1)
            if since <= instant <= until and number not in gone
        ]


@dataclass
class Collected:
    """The collector with its meter."""

    collector: Collector
    meter: ScriptedProfile
    left: list[Gap] = field(default_factory=list)


def _numbers(text: str) -> set[int]:
    return {int(one) for one in text.replace("none", "").split(",") if one.strip()}


@given(
    parsers.parse(
        "a head end that has polled ten sets of which the line lost {lost} and the meter has never had {never}"
    ),
    target_fixture="collected",
)
def has_polled_ten(trial: Trial, lost: str, never: str) -> Collected:
    meter = ScriptedProfile(lost=_numbers(lost), never=_numbers(never))
    collector = trial.desk.collector(meter.poll)
    collector.collect(_DUE[0], _DUE[-1])
    return Collected(collector=collector, meter=meter)


@when("the head end fills its gaps")
@when("the head end fills its gaps twice")
def fills_gaps(collected: Collected) -> None:
    collected.left = collected.collector.fill(_DUE)


@when("the head end polls all ten sets once more")
def polls_all_again(collected: Collected) -> None:
    collected.collector.collect(_DUE[0], _DUE[-1])


@then(parsers.parse("it has polled for {asked} alone"))
def polled_alone(trial: Trial, collected: Collected, asked: str) -> None:
    wanted = _numbers(asked)
    polled = collected.meter.polls[1:]
    numbers = [{n for n, one in enumerate(_DUE, start=1) if since <= one <= until} for since, until in polled]
    if set().union(*numbers) != wanted or sum(map(len, numbers)) != len(wanted):
        raise trial.fail(expected=f"polls for {sorted(wanted)}", observed=f"{[sorted(one) for one in numbers]}")


@then(parsers.parse("it has each set but {missing} once, in order, as the meter gave it"))
def has_each_set(trial: Trial, collected: Collected, missing: str) -> None:
    due = [one for number, one in enumerate(_DUE, start=1) if number not in _numbers(missing)]
    there = collected.collector.sets
    if [row.time for row in there] != due or any(row.values[0] != row.time.isoformat() for row in there):
        raise trial.fail(expected=f"{[str(one) for one in due]}", observed=f"{[str(row) for row in there]}")


@then(parsers.parse("it says that {missing} is missing"))
def says_what_is_missing(trial: Trial, collected: Collected, missing: str) -> None:
    said = {
        number for number, one in enumerate(_DUE, start=1) for gap in collected.left if gap.first <= one <= gap.last
    }
    if said != _numbers(missing):
        raise trial.fail(expected=f"{sorted(_numbers(missing))} missing", observed=f"{sorted(said)}")


# The device


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """Rows that a poll ought to give, and what it gave."""

    due: list[ProfileRow]
    rows: list[ProfileRow]
    frame: int


@when(parsers.parse("{periods:d} capture periods pass without a reading"))
def periods_pass(trial: Trial, client: Client, schedule: CaptureSchedule, periods: int) -> None:
    trial.let_pass(periods * schedule.period_s, client)


@when("the head end polls what came since the newest row that it has", target_fixture="polled")
def polls_since_newest(trial: Trial, client: Client, known_rows: list[ProfileRow]) -> Polled:
    """What the head end has ends in the middle of the rows that are known."""
    profile = profile_of(trial, client)
    at = len(known_rows) // 2
    newest = known_rows[at]
    rows = [row for row in profile.since(profile.time_of(newest)) if row.time > newest.time]
    due = [row for row in known_rows if row.time > newest.time]
    return Polled(due=due, rows=rows[: len(due)], frame=client.conversation.frame)


@when("the head end polls the same rows of the load profile twice", target_fixture="polled")
def polls_twice(trial: Trial, client: Client, known_rows: list[ProfileRow]) -> Polled:
    first, again = (asked_for(trial, client, known_rows) for _ in range(2))
    return Polled(due=first, rows=again, frame=client.conversation.frame)


@when("the head end has lost rows in the middle and polls for them alone", target_fixture="polled")
def polls_gap(trial: Trial, client: Client, known_rows: list[ProfileRow]) -> Polled:
    if len(known_rows) < _FEWEST_KNOWN:
        raise Inconclusive(f"{_FEWEST_KNOWN} rows are needed for a gap among them", missing="device")
    times = [row.time for row in known_rows]
    if len(set(times)) != len(times) or times != sorted(times):
        raise Inconclusive("the clock was set among the newest rows, so times do not tell them apart", missing="device")
    third = len(known_rows) // 3
    polled: list[ProfileRow] = []

    def poll(since: datetime, until: datetime) -> list[ProfileRow]:
        gap = [row for row in known_rows if since <= row.time <= until]
        rows = asked_for(trial, client, gap)
        polled.extend(rows)
        return rows

    collector = Collector(poll)
    collector.keep([*known_rows[:third], *known_rows[2 * third :]])
    collector.fill(times)
    return Polled(due=known_rows[third : 2 * third], rows=polled, frame=client.conversation.frame)


def asked_for(trial: Trial, client: Client, wanted: list[ProfileRow]) -> list[ProfileRow]:
    """Poll the rows from the first to the last of those that are wanted."""
    profile = profile_of(trial, client)
    if not profile.has_ranges:
        raise NotApplicable("rows cannot be read by their times", item="profiles.load_profile.selective_access")
    return profile.range(profile.time_of(wanted[0]), profile.time_of(wanted[-1]))


@then("it has got exactly those rows")
def got_these_rows(trial: Trial, polled: Polled) -> None:
    trial.judge(same_rows(polled.due, polled.rows), polled.frame)
