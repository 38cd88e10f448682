"""A clock that was set: what it has to show afterwards, how it steps over changes, how it drifts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.checks.judged import Breach, Undecided, Verdictless
from harness.protocol.date_time import ClockStatus, DateTime

__all__ = ["Reading", "Run", "Setting", "drifts", "goes_on_from", "nearest", "off_from", "shows_zone", "weekday_fits"]

_NOT_SPECIFIED = 0xFF
_DAY_S = 86_400
_COARSE_S, _FINE_S = 1.0, 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The time that a clock showed, and the bench's time just before and after it was asked."""

    time: DateTime
    began: datetime
    ended: datetime

    @property
    def moment(self) -> datetime:
        """What was shown, as an instant; a time without deviation is taken for UTC."""
        moment = self.time.comparable()
        if moment is None:
            raise ValueError(f"{self.time} is not fully specified")
        return moment

    @property
    def resolution_s(self) -> float:
        """How far the time may be behind for want of digits."""
        return _FINE_S if self.time.hundredths else _COARSE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A clock that was made to show ``due`` at some time from ``began`` to ``ended`` by the bench."""

    due: datetime
    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """By how much a clock is off, and how well that is known."""

    off_s: float
    uncertainty_s: float


def off_from(setting: Setting, reading: Reading) -> Run:
    """Return how far a clock is from what it was set to, the time since then passed."""
    longest = reading.ended - setting.began
    shortest = max(reading.began - setting.ended, timedelta())
    due = setting.due + (longest + shortest) / 2
    half = (longest - shortest).total_seconds() / 2
    return Run(
        off_s=(reading.moment - due).total_seconds(),
        uncertainty_s=half + (reading.resolution_s if half else _FINE_S),
    )


def goes_on_from(setting: Setting, reading: Reading, *, tolerance_s: float, about: str) -> Verdictless:
    """The clock shows what it was set to, plus the time since; ``about`` says what was done, for people."""
    run = off_from(setting, reading)
    if abs(run.off_s) <= tolerance_s:
        return None
    if abs(run.off_s) <= tolerance_s + run.uncertainty_s:
        return Undecided(
            reason=f"after {about} the clock is {run.off_s:+.2f} s off, tolerance {tolerance_s:g} s, "
            f"uncertainty {run.uncertainty_s:.2f} s",
            missing="bench",
        )
    return Breach(
        expected=f"after {about} the clock at {setting.due:%Y-%m-%d %H:%M:%S} and running, "
        f"within {tolerance_s:g} s (uncertainty {run.uncertainty_s:.2f} s)",
        observed=f"{reading.time}, {run.off_s:+.2f} s off",
    )


def drifts(start: Reading, end: Reading, *, limit_s_per_day: float, uncertainty_s: float) -> Verdictless:
    """Between two readings the clock has gone on as the bench's time did; grey where it cannot be told.

    ``uncertainty_s`` is that of the bench's time between both.
    """
    run = off_from(Setting(due=start.moment, began=start.began, ended=start.ended), end)
    passed_s = (end.began - start.ended).total_seconds()
    limit_s = limit_s_per_day * passed_s / _DAY_S
    uncertainty_s += run.uncertainty_s
    said = (
        f"{run.off_s:+.3f} s in {passed_s:.0f} s, uncertainty {uncertainty_s:.3f} s, "
        f"limit {limit_s:.3f} s ({limit_s_per_day:g} s a day)"
    )
    if abs(run.off_s) <= limit_s - uncertainty_s:
        return None
    if abs(run.off_s) <= limit_s + uncertainty_s:
        return Undecided(reason=f"the clock is off by {said}: too little time to tell", missing="bench")
    return Breach(expected=f"a clock that keeps time to {limit_s_per_day:g} s a day", observed=f"off by {said}")


def nearest(moment: datetime, period_s: int) -> datetime:
    """The nearest multiple of a period since midnight of the time that is shown."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(seconds=round((moment - midnight).total_seconds() / period_s) * period_s)


def weekday_fits(time: DateTime) -> Breach | None:
    """A weekday that is given is that of the date."""
    local = time.local()
    if local is None or time.weekday is None or time.weekday == local.isoweekday():
        return None
    return Breach(expected=f"weekday {local.isoweekday()} on {local:%Y-%m-%d}", observed=f"weekday {time.weekday}")


def shows_zone(time: DateTime, *, deviation_min: int, summer: bool, when: str) -> Breach | None:
    """Deviation and flag of a time say which side of a change of summer time it is on."""
    flagged = bool(time.clock_status & ClockStatus.DAYLIGHT_SAVING)
    wrong = time.clock_status != _NOT_SPECIFIED and flagged != summer
    if not wrong and time.deviation_min in (None, deviation_min):
        return None
    return Breach(
        expected=f"{when} a deviation of {deviation_min} min and the flag of summer time {'on' if summer else 'off'}",
        observed=f"{time}",
    )
