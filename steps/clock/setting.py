"""Setting and adjusting the clock, and what it shows afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from harness.checks.clock_setting import Reading, Setting, goes_on_from, weekday_fits
from harness.declaration import CosemObject
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.clock_setting import (
    adjust,
    send_time,
    without_deviation,
    without_weekday,
    write_time,
)
from harness.headend.registers import DateTime, clock_data, read_clock, shift_data
from harness.run.trial import Trial

_TIME = 2
_DAYS_OF_WEEK, _DAY_S = 7, 86_400
_LAST_OF: dict[str, tuple[int, int]] = {"month": (4, 30), "year": (12, 31), "february": (2, 28)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The clock before something was done to it, and what it has to show since."""

    before: Reading
    setting: Setting
    about: str


def clock_of_trial(trial: Trial) -> CosemObject:
    """Return the declared clock."""
    return trial.object("clock")


def look(trial: Trial, client: Client) -> Reading:
    """Read the clock between two looks at the bench's time; ``Inconclusive`` where it shows no full time."""
    began = trial.time.now()
    time = read_clock(client, clock_of_trial(trial))
    ended = trial.time.now()
    if time.comparable() is None:
        raise Inconclusive(f"the clock says {time}, which is no fully specified time", missing="device")
    return Reading(time=time, began=began, ended=ended)


def moved(
    trial: Trial, client: Client, due: Callable[[Reading], datetime], act: Callable[[], None], about: str
) -> Moved:
    """Do something to the clock after which it has to show ``due`` of what it shows now.

    The time of the bench around it says from when on the new time holds.
    """
    before = look(trial, client)
    began = trial.time.now()
    act()
    ended = trial.time.now()
    return Moved(before=before, setting=Setting(due=due(before), began=began, ended=ended), about=about)


def unmoved(reading: Reading) -> Setting:
    """What a clock has to show that nobody has moved since a reading."""
    return Setting(due=reading.moment, began=reading.began, ended=reading.ended)


def judge_clock(trial: Trial, client: Client, setting: Setting, about: str) -> Reading:
    """Read the clock and judge that it goes on from a setting, under the right weekday."""
    reading = look(trial, client)
    frame = client.conversation.frame
    tolerance_s = trial.declaration.clock.tolerance_s
    trial.judge(goes_on_from(setting, reading, tolerance_s=tolerance_s, about=about), frame)
    trial.judge(weekday_fits(reading.time), frame)
    return reading


@given("the clock is set right again at the end")
def clock_set_right_again(trial: Trial, client: Client) -> None:
    trial.changes.clock(client.declared.id, clock_of_trial(trial))


def set_to(trial: Trial, client: Client, time: DateTime, about: str) -> Moved:
    """Set the clock to a time that is fully specified."""
    due = time.comparable()
    if due is None:
        raise ValueError(f"{time} is not fully specified")
    return moved(
        trial,
        client,
        lambda before: due,
        lambda: write_time(client, clock_of_trial(trial), time),
        f"setting it {about}",
    )


@when(parsers.parse("the clock is set by {seconds:d} seconds"), target_fixture="moved_clock")
def clock_set_by(trial: Trial, client: Client, seconds: int) -> Moved:
    return set_to(trial, client, look(trial, client).time.later(seconds), f"by {seconds:+d} s")


@then("it shows that time and goes on")
@then("it shows the time that is due and goes on")
def shows_and_goes_on(trial: Trial, client: Client, moved_clock: Moved) -> None:
    judge_clock(trial, client, moved_clock.setting, moved_clock.about)
    trial.let_pass(3, client)
    judge_clock(trial, client, moved_clock.setting, f"{moved_clock.about} and 3 s")


@when(parsers.parse("the clock is set to 3 seconds before the end of a {which}"), target_fixture="moved_clock")
def clock_set_before_end(trial: Trial, client: Client, which: str) -> Moved:
    now = look(trial, client).time
    local = now.local()
    if local is None:
        raise Inconclusive(f"the clock says {now}", missing="device")
    if which == "leap-february":
        year, (month, day) = next(one for one in range(local.year, local.year + 9) if _is_leap(one)), (2, 28)
    else:
        year, (month, day) = local.year, _LAST_OF[which]
    last = datetime(year, month, day, 23, 59, 57)
    return set_to(trial, client, now.later((last - local).total_seconds()), f"to {last}")


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@then("6 seconds later it shows the first seconds of the day after")
def shows_day_after(trial: Trial, client: Client, moved_clock: Moved) -> None:
    judge_clock(trial, client, moved_clock.setting, moved_clock.about)
    trial.let_pass(6, client)
    judge_clock(trial, client, moved_clock.setting, f"{moved_clock.about} and 6 s")


@when(
    parsers.parse("shift_time is invoked with the declared limit {direction}, {more:d} s more"),
    target_fixture="moved_clock",
)
def shifted_by_limit(trial: Trial, client: Client, direction: str, more: int) -> Moved:
    return shift(trial, client, signed(direction, trial.declaration.clock.shift_limit_s + more))


def signed(direction: str, seconds: float) -> int:
    """Seconds ``ahead`` or ``back``."""
    return int(seconds) if direction == "ahead" else -int(seconds)


def shift(trial: Trial, client: Client, seconds: int) -> Moved:
    """Shift the clock by so many seconds; raises ``Refused`` as ``Client.action``."""
    return moved(
        trial,
        client,
        lambda before: before.moment + (trial_elapsed(before, trial) + timedelta(seconds=seconds)),
        lambda: adjust(client, clock_of_trial(trial), "shift_time", shift_data(seconds)),
        f"shift_time by {seconds:+d} s",
    )


def trial_elapsed(before: Reading, trial: Trial) -> timedelta:
    """Return the bench's time since the middle of a reading."""
    return trial.time.now() - (before.began + (before.ended - before.began) / 2)


@when("the clock is set by an hour without a deviation", target_fixture="moved_clock")
def set_without_deviation(trial: Trial, client: Client) -> Moved:
    time = look(trial, client).time.later(3600)
    sent = without_deviation(time)
    refused = trial.declaration.clock.unspecified_deviation == "refused"

    def act() -> None:
        try:
            write_time(client, clock_of_trial(trial), sent)
        except Refused:
            if not refused:
                raise

    def due(before: Reading) -> datetime:
        moment = None if refused else time.comparable()
        return before.moment + trial_elapsed(before, trial) if moment is None else moment

    return moved(trial, client, due, act, f"a time without deviation, {sent}")


@when("the clock is set to each day of a week without naming the weekday, and read", target_fixture="week")
def set_to_week(trial: Trial, client: Client) -> list[Reading]:
    readings = []
    start = look(trial, client).time
    for day in range(1, _DAYS_OF_WEEK + 1):
        write_time(client, clock_of_trial(trial), without_weekday(start.later(day * _DAY_S)))
        readings.append(look(trial, client))
    return readings


@then("each time it shows the weekday of the date")
def weekdays_fit(trial: Trial, client: Client, week: list[Reading]) -> None:
    if all(reading.time.weekday is None for reading in week):
        raise Inconclusive("the clock shows no weekday", missing="device")
    for reading in week:
        trial.judge(weekday_fits(reading.time), client.conversation.frame)


@when(parsers.parse("the time of an hour ahead is sent {way}"), target_fixture="moved_clock")
def sent_without_answer(trial: Trial, client: Client, way: str) -> Moved:
    clock = clock_of_trial(trial)
    declared = trial.declaration.clock
    policy = declared.unconfirmed if way == "unconfirmed" else declared.broadcast
    if policy is None:
        raise Inconclusive("the declaration does not say clock.broadcast", missing="declaration")
    time = look(trial, client).time.later(3600)

    def act() -> None:
        if way == "unconfirmed":
            client.send_unconfirmed_set(item(clock, _TIME), clock_data(time))
            client.conversation.overhear()
        else:
            send_time(trial.head_end, clock, time, to_all=way == "to all devices")

    def due(before: Reading) -> datetime:
        moment = time.comparable() if policy == "set" else None
        return before.moment + trial_elapsed(before, trial) if moment is None else moment

    return moved(trial, client, due, act, f"a time sent {way}, which is declared to be {policy}")
