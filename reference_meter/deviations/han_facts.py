"""What a pushing port tells that is not so: energy, tariff, limit, switch and time of another moment."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from reference_meter.consumer.han_contents import Item
from reference_meter.consumer.han_link import HanLink
from reference_meter.deviations.consumer_facts import holds_energy, keeps_first
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.han_port import when_han_listens
from reference_meter.meter import Meter
from reference_meter.model.date_time import date_time_to_octets

__all__ = ["FAMILIES"]


@deviation("han-energy-stands-still", "MF.1", about="The energy that is pushed is that of an earlier hour or so.")
def energy_stands_still(meter: Meter, rng: Random) -> None:
    """Draw how long it stays the same."""
    holds_energy(meter, timedelta(hours=rng.choice((1, 6))), when_han_listens)


@deviation("han-tariff-frozen", "MF.3", about="The push shows the same tariff at all times.")
def tariff_frozen(meter: Meter, rng: Random) -> None:
    """No parameter."""
    keeps_first(meter, "tariff", when_han_listens)


@deviation("han-limit-frozen", "MF.4", about="The limit that is pushed is the one that was there first.")
def limit_frozen(meter: Meter, rng: Random) -> None:
    """No parameter."""
    keeps_first(meter, "limit_w", when_han_listens)


@deviation("han-switch-frozen", "MF.4", about="The push shows a connected supply whatever the switch does.")
def switch_frozen(meter: Meter, rng: Random) -> None:
    """No parameter."""
    keeps_first(meter, "connected", when_han_listens)


@deviation("han-time-off", "MF.6", about="The time that is pushed is not that of the clock, or is of UTC.")
def time_off(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    off = timedelta(seconds=rng.choice((-3600, -60, 30, 3600)))
    clock = meter.model.metering.clock

    def on_link(link: HanLink) -> None:
        def time_octets(original: Callable[[], bytes]) -> bytes:
            meter.fire()
            return date_time_to_octets(clock.now + off, clock.rules)

        wrap(link.contents, "time_octets", time_octets)

    when_han_listens(meter, on_link)


@deviation("han-total-without-tariffs", "MF.3", about="The total that is pushed is not that of its tariffs.")
def total_without_tariffs(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    more_wh = rng.choice((1000, 250_000))

    def on_link(link: HanLink) -> None:
        def totals(original: Callable[[], list[Item]]) -> list[Item]:
            meter.fire()
            return [(code, (tag, value + more_wh), unit) for code, (tag, value), unit in original()]

        wrap(link.contents, "totals", totals)

    when_han_listens(meter, on_link)


FAMILIES = (energy_stands_still, tariff_frozen, limit_frozen, switch_frozen, time_off, total_without_tariffs)
