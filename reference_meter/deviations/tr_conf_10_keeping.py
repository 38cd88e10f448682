"""TR-Conf.10 and MF.4: what stays of a threshold that was set, of an emergency that is over, and over a power cut."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import Pair

__all__ = ["FAMILIES"]

_VALUE, _CROSSING, _LIMIT = "TR-Conf.10a", "TR-Conf.10b", "MF.4"
_THRESHOLD = 4


@deviation("same-threshold-noted-often", _VALUE, about="A threshold that is set again as it is leaves several entries.")
def same_threshold_noted_often(meter: Meter, rng: Random) -> None:
    """Draw how many."""
    entries, code = rng.choice((2, 3)), meter.configuration.instances.limiter
    limiter = meter.model.parts.supply.limiter

    def set_attribute(original: Callable[..., int], client: int, class_id: int, obis: bytes, *rest: Any) -> int:
        before = limiter.normal
        result = original(client, class_id, obis, *rest)
        if not result and (obis, rest[0]) == (code, _THRESHOLD) and limiter.normal == before:
            meter.fire()
            for _ in range(entries):
                meter.model.parts.logs.record("threshold_changed")
        return result

    wrap(meter.model, "set", set_attribute)


@deviation("past-emergency-begins-now", _CROSSING, about="An emergency of the past is in force once it is written.")
def past_emergency_begins(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter, seen = meter.model.parts.supply.limiter, [meter.model.parts.supply.limiter.emergency]

    def plan(original: Callable[[], None]) -> None:
        now, emergency = meter.model.metering.now, limiter.emergency
        if emergency is not seen[0] and emergency.duration_s and emergency.ends <= now:
            limiter.emergency = replace(emergency, starts=now)
            meter.fire()
        seen[0] = limiter.emergency
        original()

    wrap(limiter, "plan", plan)


@deviation("exceeding-noted-with-power", _CROSSING, about="A value above the threshold is noted when power returns.")
def exceeding_noted_with_power(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter = meter.model.parts.supply.limiter

    def restore_power(original: Callable[[], None]) -> None:
        original()
        if limiter.is_over:
            meter.fire()
            limiter.note("threshold_exceeded")

    wrap(meter.model.parts, "restore_power", restore_power)


@deviation("threshold-not-put-in-force", _VALUE, _LIMIT, about="A threshold that was set is shown, and not in force.")
def threshold_not_in_force(meter: Meter, rng: Random) -> None:
    """Draw how many are left out between two that are put in force."""
    every, limiter = rng.choice((1, 2)), meter.model.parts.supply.limiter
    in_force, shown, changes = [limiter.normal], [limiter.normal], [0]

    def active_threshold(original: Callable[[], Pair]) -> Pair:
        if limiter.in_emergency:
            return original()
        if limiter.normal != shown[0]:
            shown[0] = limiter.normal
            changes[0] += 1
            if changes[0] % (every + 1) == 0:
                in_force[0] = limiter.normal
        if in_force[0] != limiter.normal:
            meter.fire()
        return in_force[0]

    wrap(limiter, "active_threshold", active_threshold)


FAMILIES = (same_threshold_noted_often, past_emergency_begins, exceeding_noted_with_power, threshold_not_in_force)
