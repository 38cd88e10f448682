"""Sets that hold a maximum with its time: both are those that the register showed before."""

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.checks.demand import same_capture_time
from harness.errors import Inconclusive, NotApplicable
from harness.headend.client import Client
from harness.headend.data_sets import INTERVALS, Interval
from harness.headend.registers import read_clock
from harness.headend.set_maxima import StoredMaximum, kept_maximum, present_maximum, times_of_maxima
from harness.run.trial import Trial
from steps.metering.data_sets import SetsSeen, approach, clear_boundary, seen_since, sets_of, tail_of
from steps.metering.peaks import Peak


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsWithMaximum:
    """The sets that came over a boundary, and the maximum read shortly before it."""

    seen: SetsSeen
    shown: StoredMaximum


def places_in_sets(trial: Trial, client: Client, interval: Interval) -> tuple[int | None, int]:
    """Return the columns of the maximum and its time in the sets of an interval."""
    sets = sets_of(trial, client, interval)
    with trial.basis():
        places = times_of_maxima(sets.reader.columns(), trial.object("max_demand_import"))
    if places is None:
        role = INTERVALS[interval]
        raise NotApplicable("the sets hold no time of the maximum", item=f"objects.{role}")
    return places


@given(parsers.parse("the sets of each {interval} hold the maximum with its time"))
def sets_hold_maximum(trial: Trial, client: Client, interval: Interval) -> None:
    places_in_sets(trial, client, interval)


@when(parsers.parse("the load falls to a quarter and the end of a {interval} passes"), target_fixture="with_maximum")
def end_passes_behind_peak(trial: Trial, client: Client, peak: Peak, interval: Interval) -> SetsWithMaximum:
    trial.apply_load(peak.load_w // 4)
    sets = sets_of(trial, client, interval)
    nominal = clear_boundary(trial, client, interval)
    before = approach(trial, client, sets, nominal)
    with trial.basis():
        shown = present_maximum(client, trial.object("clock"), trial.object("max_demand_import"))
    trial.reach(nominal, client)
    trial.reach(nominal + tail_of(trial), client)
    return SetsWithMaximum(seen=seen_since(client, sets, interval, nominal, before), shown=shown)


@then("the set holds that maximum with its time")
def set_holds_maximum(trial: Trial, client: Client, peak: Peak, with_maximum: SetsWithMaximum) -> None:
    seen, shown = with_maximum.seen, with_maximum.shown
    if shown.captured != peak.maximum.captured:
        raise Inconclusive(
            f"the maximum of {peak.maximum.captured} was put back before the set was due, it is of {shown.captured}",
            missing="device",
        )
    if not seen.rows:
        raise trial.fail(expected=f"a set of {seen.nominal:%Y-%m-%d %H:%M:%S} UTC", observed="no set", frame=seen.frame)
    places = places_in_sets(trial, client, seen.interval)
    clock = read_clock(client, trial.object("clock"))
    kept = kept_maximum(seen.sets, seen.rows[0], places, clock)
    if kept.number not in (None, shown.number):
        raise trial.fail(
            expected=f"the maximum {shown.number} in the set, as read before it under a load of a quarter",
            observed=f"{kept.number}",
            frame=seen.frame,
        )
    trial.judge(same_capture_time(kept.captured, shown.captured), seen.frame)
