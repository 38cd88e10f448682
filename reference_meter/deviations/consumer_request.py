"""The data request at the consumer port, not looked at or looked at too late."""

from collections.abc import Callable
from random import Random

from reference_meter.consumer.link import ConsumerLink
from reference_meter.deviations.consumer_port import when_consumer_listens
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter

__all__ = ["FAMILIES"]


@deviation("consumer-tells-unasked", "MF.2", about="That the data request has gone is not looked at.")
def tells_unasked(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def on_link(link: ConsumerLink) -> None:
        def set_control(original: Callable[[str, bool, float], None], line: str, on: bool, now: float) -> None:
            if on:
                original(line, on, now)
            else:
                meter.fire()

        wrap(link, "set_control", set_control)

    when_consumer_listens(meter, on_link)


@deviation("consumer-wakes-late", "MF.2", about="After a data request the port takes several periods to begin.")
def wakes_late(meter: Meter, rng: Random) -> None:
    """Draw how many."""
    periods = rng.choice((3, 5))

    def on_link(link: ConsumerLink) -> None:
        def set_control(original: Callable[[str, bool, float], None], line: str, on: bool, now: float) -> None:
            slept = on and not link.requested
            original(line, on, now)
            if slept:
                meter.fire()
                link.due += periods * link.period_s

        wrap(link, "set_control", set_control)

    when_consumer_listens(meter, on_link)


FAMILIES = (tells_unasked, wakes_late)
