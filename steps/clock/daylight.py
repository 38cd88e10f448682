"""Changes to summer time and back, and other zones."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from harness.checks.clock_setting import shows_zone
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.calendar import Change, Zone, device_zone
from harness.headend.client import Client, item
from harness.headend.clock_setting import dst_enabled_data, in_zone, zone_data
from harness.run.trial import Trial
from steps.clock.setting import Moved, clock_of_trial, judge_clock, look, set_to, unmoved

_ZONE, _DST_ENABLED = 3, 8
_BEFORE_S, _AFTER_S = 3.0, 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A change of summer time that is about to come."""

    change: Change
    instant: datetime
    zone: Zone

    def deviation_min(self, *, after: bool) -> int:
        """The deviation on one side of the change."""
        summer = self.summer(after=after)
        shift = self.zone.summer.shift if self.zone.summer and summer else None
        offset = self.zone.standard + shift if shift else self.zone.standard
        return -int(offset.total_seconds() // 60)

    def summer(self, *, after: bool) -> bool:
        """Whether summer time is in force on one side of the change."""
        return (self.change == "forward") == after


@given(parsers.parse("the next change of summer time {change} is known"), target_fixture="coming")
def change_is_known(trial: Trial, client: Client, change: Change) -> Coming:
    zone = device_zone(client, clock_of_trial(trial))
    instant = zone.next_dst_change(trial.metering_now(client), change)
    if instant is None:
        raise Inconclusive("the clock knows no summer time just now (attributes 5 to 8)", missing="device")
    return Coming(change=change, instant=instant, zone=zone)


@when("the clock is set to 3 seconds before it", target_fixture="moved_clock")
def set_before_change(trial: Trial, client: Client, coming: Coming) -> Moved:
    time = in_zone(_just_before(coming), coming.zone)
    return set_to(trial, client, time, f"to 3 s before clocks go {coming.change}")


def _just_before(coming: Coming) -> datetime:
    return datetime.fromtimestamp(coming.instant.timestamp() - _BEFORE_S, coming.instant.tzinfo)


@then("deviation and flag are those of before, and 6 seconds later those of after")
def change_happens(trial: Trial, client: Client, coming: Coming, moved_clock: Moved) -> None:
    _judge_side(trial, client, coming, moved_clock, after=False)
    trial.let_pass(_AFTER_S, client)
    _judge_side(trial, client, coming, moved_clock, after=True)


@then("deviation and flag stay those of standard time beyond it")
def change_does_not_happen(trial: Trial, client: Client, coming: Coming, moved_clock: Moved) -> None:
    trial.let_pass(_AFTER_S, client)
    reading = judge_clock(trial, client, moved_clock.setting, moved_clock.about)
    deviation_min = coming.deviation_min(after=coming.change == "back")
    when = "without summer time"
    trial.judge(
        shows_zone(reading.time, deviation_min=deviation_min, summer=False, when=when), client.conversation.frame
    )


def _judge_side(trial: Trial, client: Client, coming: Coming, setting: Moved, *, after: bool) -> None:
    when = f"{'after' if after else 'before'} clocks go {coming.change}"
    reading = judge_clock(trial, client, setting.setting, f"{setting.about}, {when},")
    if not after and reading.moment >= coming.instant:
        raise Inconclusive("the change came before the clock could be read", missing="bench")
    found = shows_zone(
        reading.time, deviation_min=coming.deviation_min(after=after), summer=coming.summer(after=after), when=when
    )
    trial.judge(found, client.conversation.frame)


@given("summer time is switched off")
def summer_time_off(trial: Trial, client: Client) -> None:
    try:
        trial.changes.set(client, clock_of_trial(trial), _DST_ENABLED, dst_enabled_data(False))
    except Refused as refused:
        raise NotApplicable(f"summer time cannot be switched off: {refused}", item="clock.dst") from refused


@when(parsers.parse("the time zone is written {minutes:d} minutes further {where}"), target_fixture="moved_clock")
def zone_written(trial: Trial, client: Client, minutes: int, where: str) -> Moved:
    clock = clock_of_trial(trial)
    old = client.read(item(clock, _ZONE)).value
    _away_from_changes(trial, client, timedelta(minutes=2 * minutes))
    before = look(trial, client)
    if not isinstance(old, int) or before.time.deviation_min is None:
        raise Inconclusive("the clock shows no deviation, so nothing shows its zone", missing="device")
    step = -minutes if where == "east" else minutes
    try:
        trial.changes.set(client, clock, _ZONE, zone_data(old + step))
    except Refused as refused:
        raise NotApplicable(f"the zone cannot be changed: {refused}", item="clock") from refused
    after = look(trial, client)
    if after.time.deviation_min != before.time.deviation_min + step:
        raise trial.fail(expected=f"a deviation of {before.time.deviation_min + step} min", observed=f"{after.time}")
    return Moved(before=before, setting=unmoved(before), about="another time zone")


def _away_from_changes(trial: Trial, client: Client, far: timedelta) -> None:
    """Come to a time that lies on the same side of a change of summer time in the other zone too."""
    with trial.basis():
        zone = device_zone(client, clock_of_trial(trial))
    now = trial.metering_now(client)
    if zone.offset(now - far) != zone.offset(now + far):
        trial.reach(now + 2 * far, client)


@then("deviation, zone and summer time of the clock agree")
def zone_agrees(trial: Trial, client: Client) -> None:
    zone = device_zone(client, clock_of_trial(trial))
    reading = look(trial, client)
    with trial.basis():
        written = client.read(item(clock_of_trial(trial), _ZONE)).value
    if not isinstance(written, int):
        raise trial.fail(expected="a time zone of type long", observed=f"{written!r}")
    shift = zone.summer.shift if zone.summer else None
    summer = shift is not None and zone.offset(reading.moment) != zone.standard
    due = written - (int(shift.total_seconds() // 60) if summer and shift else 0)
    found = shows_zone(reading.time, deviation_min=due, summer=summer, when=f"in the zone {written} min")
    trial.judge(found, client.conversation.frame)
