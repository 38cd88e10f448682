"""TR-Conf.10: what becomes of a threshold that is set while the value is above."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter

__all__ = ["FAMILIES"]

_VALUE, _CROSSING = "TR-Conf.10a", "TR-Conf.10b"
_THRESHOLD = 4


def _once_set(meter: Meter, then: Callable[[], None]) -> None:
    """Do something each time a client has set the threshold while the value was above."""
    limiter, code = meter.model.parts.supply.limiter, meter.configuration.instances.limiter

    def set_attribute(original: Callable[..., int], client: int, class_id: int, obis: bytes, *rest: Any) -> int:
        was_over = limiter.is_over
        result = original(client, class_id, obis, *rest)
        if not result and was_over and limiter.is_over and (obis, rest[0]) == (code, _THRESHOLD):
            then()
        return result

    wrap(meter.model, "set", set_attribute)


@deviation("threshold-in-overload-not-noted", _VALUE, about="A threshold set while the value is above leaves no entry.")
def threshold_in_overload_not_noted(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter = meter.model.parts.supply.limiter

    def changed(original: Callable[..., None], **named: Any) -> None:
        if named.get("event") == "threshold_changed" and limiter.exceeded:
            meter.fire()
        else:
            original(**named)

    wrap(meter.model.parts.audit, "changed", changed)


@deviation(
    "threshold-in-overload-forgotten", _VALUE, about="A threshold set while the value is above is acknowledged only."
)
def threshold_in_overload_forgotten(meter: Meter, rng: Random) -> None:
    """Draw whether the entry stands in the log."""
    limiter, code = meter.model.parts.supply.limiter, meter.configuration.instances.limiter
    noted = rng.choice((True, False))

    def set_attribute(original: Callable[..., int], client: int, class_id: int, obis: bytes, *rest: Any) -> int:
        if not limiter.exceeded or (obis, rest[0]) != (code, _THRESHOLD):
            return original(client, class_id, obis, *rest)
        before = limiter.normal
        result = original(client, class_id, obis, *rest) if noted else 0
        if not result:
            meter.fire()
            limiter.normal = before
            limiter.plan()
        return result

    wrap(meter.model, "set", set_attribute)


@deviation(
    "exceeding-noted-again", _CROSSING, about="A threshold set while the value is above makes it exceeded once more."
)
def exceeding_noted_again(meter: Meter, rng: Random) -> None:
    """Draw whether the duration passes before."""
    limiter, at_once = meter.model.parts.supply.limiter, rng.choice((True, False))

    def again() -> None:
        if not limiter.exceeded:
            return
        meter.fire()
        if at_once:
            limiter.note("threshold_exceeded")
        else:
            limiter.begin_anew()
            limiter.plan()

    _once_set(meter, again)


@deviation(
    "falling-below-noted-while-above", _CROSSING, about="A threshold set while the value is above notes a fall below."
)
def falling_noted_while_above(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    limiter = meter.model.parts.supply.limiter

    def fall() -> None:
        if limiter.exceeded:
            meter.fire()
            limiter.note("threshold_ok")

    _once_set(meter, fall)


@deviation(
    "duration-lost-when-set", _CROSSING, about="A threshold set while the duration runs ends it for good, or at once."
)
def duration_lost(meter: Meter, rng: Random) -> None:
    """Draw what becomes of it."""
    limiter, kind = meter.model.parts.supply.limiter, rng.choice(("never", "at once", "anew"))

    def lose() -> None:
        if limiter.exceeded:
            return
        meter.fire()
        if kind == "anew":
            limiter.begin_anew()
        else:
            limiter.exceeded = True
            if kind == "at once":
                limiter.note("threshold_exceeded")
        limiter.plan()

    _once_set(meter, lose)


FAMILIES = (
    threshold_in_overload_not_noted,
    threshold_in_overload_forgotten,
    exceeding_noted_again,
    falling_noted_while_above,
    duration_lost,
)
