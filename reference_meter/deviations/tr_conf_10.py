"""TR-Conf.10 and MF.4: thresholds that are set, cleared and crossed, and what the limiter makes of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import Pair, double_long_unsigned
from reference_meter.model.event_settings import EventRole

__all__ = ["FAMILIES", "compared_otherwise"]

_VALUE, _CROSSING, _LIMIT = "TR-Conf.10a", "TR-Conf.10b", "MF.4"
_THRESHOLD = 4


def _around_changes(meter: Meter, around: Callable[[Callable[[], None], EventRole], None]) -> None:
    """Put ``around`` in the place of what the audit makes of a change."""

    def changed(original: Callable[..., None], **named: Any) -> None:
        around(lambda: original(**named), named.get("event", "parameters_changed"))

    wrap(meter.model.parts.audit, "changed", changed)


@deviation("threshold-change-not-noted", _VALUE, about="A threshold that is set leaves no entry.")
def threshold_change_not_noted(meter: Meter, rng: Random) -> None:
    """Draw each how many changes are noted."""
    every, changes = rng.choice((0, 2)), 0

    def around(change: Callable[[], None], event: EventRole) -> None:
        nonlocal changes
        changes += event == "threshold_changed"
        if event == "threshold_changed" and (not every or changes % every == 0):
            meter.fire()
        else:
            change()

    _around_changes(meter, around)


@deviation("threshold-change-noted-twice", _VALUE, about="A threshold that is set leaves two entries.")
def threshold_change_noted_twice(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def around(change: Callable[[], None], event: EventRole) -> None:
        change()
        if event == "threshold_changed":
            meter.model.parts.logs.record(event)
            meter.fire()

    _around_changes(meter, around)


@deviation("refused-threshold-noted", _VALUE, about="A threshold that is refused leaves an entry all the same.")
def refused_threshold_noted(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter = meter.configuration.instances.limiter

    def set_attribute(original: Callable[..., int], client: int, class_id: int, obis: bytes, *rest: Any) -> int:
        result = original(client, class_id, obis, *rest)
        if result and obis == limiter and rest[0] == _THRESHOLD:
            meter.model.parts.logs.record("threshold_changed")
            meter.fire()
        return result

    wrap(meter.model, "set", set_attribute)


@deviation("refused-threshold-taken", _VALUE, _LIMIT, about="A threshold of a client that may not set it is taken.")
def refused_threshold_taken(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter = meter.configuration.instances.limiter

    def set_attribute(original: Callable[..., int], client: int, class_id: int, obis: bytes, *rest: Any) -> int:
        result = original(client, class_id, obis, *rest)
        attribute, _, data = rest
        if result and obis == limiter and attribute == _THRESHOLD and data[0] == double_long_unsigned(0)[0]:
            meter.model.parts.supply.limiter.normal = data
            meter.fire()
        return result

    wrap(meter.model, "set", set_attribute)


@deviation("threshold-entry-lost-with-power", _VALUE, about="Entries of changed thresholds do not outlive a power cut.")
def threshold_entry_lost(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def restore_power(original: Callable[[], None]) -> None:
        log = meter.model.parts.logs.logs["disconnector"]
        if log.profile.rows:
            log.profile.reset()
            meter.fire()
        original()

    wrap(meter.model.parts, "restore_power", restore_power)


def _quiet(meter: Meter, event: EventRole) -> None:
    """Leave out one kind of entry of the limiter."""

    def note(original: Callable[[EventRole], None], noted: EventRole) -> None:
        if noted == event:
            meter.fire()
        else:
            original(noted)

    wrap(meter.model.parts.supply.limiter, "note", note)


@deviation("exceeding-not-noted", _CROSSING, about="A threshold that is exceeded leaves no entry.")
def exceeding_not_noted(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    _quiet(meter, "threshold_exceeded")


@deviation("falling-below-not-noted", _CROSSING, about="A value that is below the threshold again leaves no entry.")
def falling_below_not_noted(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    _quiet(meter, "threshold_ok")


def _lasting(meter: Meter, change: Callable[[datetime, datetime], datetime]) -> None:
    """Change the instant at which a value above the threshold has lasted: ``change(begin, due)``."""
    limiter = meter.model.parts.supply.limiter

    def lasts_until(original: Callable[[], datetime]) -> datetime:
        due = original()
        if not limiter.is_over or limiter.exceeded:
            return due
        wrong = change(due - timedelta(seconds=limiter.over_s), due)
        if meter.model.metering.now >= wrong:
            meter.fire()
        return wrong

    wrap(limiter, "lasts_until", lasts_until)


def compared_otherwise(meter: Meter, change: Callable[[int, int], tuple[int, int]]) -> None:
    """Let the limiter compare other numbers: ``change(value, threshold)``."""

    def exceeds(original: Callable[[int, int], bool], value: int, threshold: int) -> bool:
        wrong = original(*change(value, threshold))
        if wrong != original(value, threshold):
            meter.fire()
        return wrong

    wrap(meter.model.parts.supply.limiter, "exceeds", exceeds)


@deviation("limit-without-duration", _CROSSING, _LIMIT, about="The limiter acts at once, whatever its duration is.")
def limit_without_duration(meter: Meter, rng: Random) -> None:
    """Draw how many seconds it waits."""
    seconds = rng.choice((0, 1, 5))
    _lasting(meter, lambda begin, due: begin + timedelta(seconds=seconds))


@deviation("limit-much-too-late", _CROSSING, _LIMIT, about="The limiter acts long after its duration.")
def limit_much_too_late(meter: Meter, rng: Random) -> None:
    """Draw how often the duration passes before it acts."""
    times, told = rng.choice((2, 3, 10)), [False]
    limiter = meter.model.parts.supply.limiter

    def lasts_until(original: Callable[[], datetime]) -> datetime:
        due = original()
        if not limiter.is_over or limiter.exceeded:
            return due
        if not told[0] and meter.model.metering.now >= due:
            told[0] = True
        meter.fire()
        return due + timedelta(seconds=(times - 1) * limiter.over_s)

    wrap(limiter, "lasts_until", lasts_until)


@deviation("equal-counts-as-above", _CROSSING, _LIMIT, about="A value that equals the threshold counts as above it.")
def equal_counts_as_above(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def exceeds(original: Callable[[int, int], bool], value: int, threshold: int) -> bool:
        if value == threshold:
            meter.fire()
            return True
        return original(value, threshold)

    wrap(meter.model.parts.supply.limiter, "exceeds", exceeds)


@deviation("threshold-in-other-unit", _CROSSING, _LIMIT, about="The threshold is taken in another unit than the value.")
def threshold_in_other_unit(meter: Meter, rng: Random) -> None:
    """Draw the factor."""
    factor = rng.choice((10, 1000))

    compared_otherwise(meter, lambda value, threshold: (value, threshold * factor))


@deviation("emergency-never-ends", _CROSSING, about="The threshold of an emergency stays in force after it.")
def emergency_never_ends(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter, latched = meter.model.parts.supply.limiter, [False]

    def active_threshold(original: Callable[[], Pair]) -> Pair:
        latched[0] = (latched[0] or limiter.in_emergency) and limiter.emergency.duration_s > 0
        if latched[0] and not limiter.in_emergency:
            meter.fire()
        return limiter.emergency_threshold if latched[0] else original()

    wrap(limiter, "active_threshold", active_threshold)


@deviation("emergency-of-any-group", _CROSSING, about="An emergency of another group than the meter's is put in force.")
def emergency_of_any_group(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter = meter.model.parts.supply.limiter

    def active_threshold(original: Callable[[], Pair]) -> Pair:
        if limiter.emergency.is_on(meter.model.metering.now) and not limiter.in_emergency:
            meter.fire()
            return limiter.emergency_threshold
        return original()

    wrap(limiter, "active_threshold", active_threshold)


@deviation("limit-never-acts", _LIMIT, about="A limit that is exceeded is noted, and nothing is switched.")
def limit_never_acts(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def act(original: Callable[[tuple[bytes, int]], None], action: tuple[bytes, int]) -> None:
        meter.fire()

    wrap(meter.model.parts.supply.limiter, "act", act)


@deviation("old-threshold-noted", _VALUE, about="Beside a threshold that was set stands the one that was there before.")
def old_threshold_noted(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    log, limiter = meter.model.parts.logs.logs["disconnector"], meter.model.parts.supply.limiter
    shown = [limiter.active]

    def record(original: Callable[[int], None], code: int) -> None:
        if shown[0] != limiter.active:
            meter.fire()
        original(code)
        shown[0] = limiter.active

    log.active_threshold = lambda: shown[0]
    wrap(log, "record", record)


FAMILIES = (
    threshold_change_not_noted,
    threshold_change_noted_twice,
    refused_threshold_noted,
    refused_threshold_taken,
    threshold_entry_lost,
    exceeding_not_noted,
    falling_below_not_noted,
    limit_without_duration,
    limit_much_too_late,
    equal_counts_as_above,
    threshold_in_other_unit,
    emergency_never_ends,
    emergency_of_any_group,
    limit_never_acts,
    old_threshold_noted,
)
