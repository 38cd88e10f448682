"""What the consumer port tells that is not so: energy, tariff, limit, switch and time of another moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reference_meter.codec.p1 import line
from reference_meter.consumer.link import ConsumerLink
from reference_meter.deviations.consumer_port import when_consumer_listens
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter

__all__ = ["FAMILIES", "Listens", "holds_energy", "keeps_first"]

Listens = Callable[[Meter, Callable[[Any], None]], None]
"""What changes every link that is opened at a port."""


def keeps_first(meter: Meter, method: str, listens: Listens) -> None:
    """Show for ever what was shown first."""
    kept: list[object] = []

    def on_link(link: Any) -> None:
        def show(original: Callable[[], object]) -> object:
            present = original()
            if not kept:
                kept.append(present)
            if kept[0] != present:
                meter.fire()
            return kept[0]

        wrap(link.contents, method, show)

    listens(meter, on_link)


def holds_energy(meter: Meter, hold: timedelta, listens: Listens) -> None:
    """Show energy that is up to so old."""
    kept: list[tuple[datetime, list[object]]] = []
    metering = meter.model.metering

    def on_link(link: Any) -> None:
        def rates(original: Callable[[], list[object]]) -> list[object]:
            present = original()
            if not kept or metering.true_time - kept[0][0] >= hold:
                kept[:] = [(metering.true_time, present)]
            if kept[0][1] != present:
                meter.fire()
            return kept[0][1]

        wrap(link.contents, "rates", rates)

    listens(meter, on_link)


@deviation("consumer-energy-stands-still", "MF.1", about="The energy at the port is that of an earlier hour or so.")
def energy_stands_still(meter: Meter, rng: Random) -> None:
    """Draw how long it stays the same."""
    holds_energy(meter, timedelta(hours=rng.choice((1, 6))), when_consumer_listens)


@deviation("consumer-generation-as-consumption", "MF.1", about="Energy out is shown as energy in, or not at all.")
def generation_as_consumption(meter: Meter, rng: Random) -> None:
    """Draw whether it is added to energy in, besides, or only held back."""
    added, first = rng.choice((True, False)), dict(meter.model.metering.energy.energy_nj)

    def on_link(link: ConsumerLink) -> None:
        shown = link.contents

        def rates(original: Callable[[], list[str]]) -> list[str]:
            present = meter.model.metering.energy.energy_nj
            flown = {key: value - first[key] for key, value in present.items()}
            if not any(flown["export", rate] for rate in meter.configuration.rates):
                return original()
            meter.fire()
            return [
                line(f"1-0:{group}.8.{rate}", shown.energy(value))
                for group, direction in ((1, "import"), (2, "export"))
                for rate in meter.configuration.rates
                for value in (
                    first["export", rate] + (flown["export", rate] if added else 0)
                    if direction == "export"
                    else present["import", rate] + (flown["export", rate] if added else 0),
                )
            ]

        wrap(link.contents, "rates", rates)

    when_consumer_listens(meter, on_link)


@deviation("consumer-tariff-frozen", "MF.3", about="The port shows the same tariff at all times.")
def tariff_frozen(meter: Meter, rng: Random) -> None:
    """Draw: the first one shown, or the default one."""
    if rng.random() < 0.5:
        keeps_first(meter, "tariff", when_consumer_listens)
        return

    def on_link(link: ConsumerLink) -> None:
        def tariff(original: Callable[[], int]) -> int:
            shown = meter.configuration.default_rate
            if shown != original():
                meter.fire()
            return shown

        wrap(link.contents, "tariff", tariff)

    when_consumer_listens(meter, on_link)


@deviation("consumer-limit-frozen", "MF.4", about="The limit at the port is the one that was there first.")
def limit_frozen(meter: Meter, rng: Random) -> None:
    """No parameter."""
    keeps_first(meter, "limit", when_consumer_listens)


@deviation("consumer-switch-frozen", "MF.4", about="The port shows a connected supply whatever the switch does.")
def switch_frozen(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def on_link(link: ConsumerLink) -> None:
        def switch(original: Callable[[], str]) -> str:
            if original() != "1":
                meter.fire()
            return "1"

        wrap(link.contents, "switch", switch)

    when_consumer_listens(meter, on_link)


def _shows_time(meter: Meter, stamp: Callable[[datetime, bool], tuple[datetime, bool]]) -> None:
    """Show another local time or letter than is due."""
    clock = meter.model.metering.clock

    def on_link(link: ConsumerLink) -> None:
        def shown(original: Callable[[], str]) -> str:
            local, summer = stamp(clock.rules.local(clock.now), clock.rules.is_dst(clock.now))
            told = local.strftime("%y%m%d%H%M%S") + ("S" if summer else "W")
            if told != original():
                meter.fire()
            return told

        wrap(link.contents, "stamp", shown)

    when_consumer_listens(meter, on_link)


@deviation("consumer-time-off", "MF.6", about="The time at the port is not that of the clock.")
def time_off(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    off = timedelta(seconds=rng.choice((-3600, -60, -15, 30, 3600)))
    _shows_time(meter, lambda local, summer: (local + off, summer))


@deviation("consumer-letter-frozen", "MF.6", about="The letter at the port says winter all year, or summer.")
def letter_frozen(meter: Meter, rng: Random) -> None:
    """Draw which."""
    always = rng.random() < 0.5
    _shows_time(meter, lambda local, summer: (local, always))


@deviation("consumer-clock-of-its-own", "MF.6", about="The port does not follow a clock that is set.")
def clock_of_its_own(meter: Meter, rng: Random) -> None:
    """No parameter."""
    metering = meter.model.metering
    ahead = metering.now - metering.true_time

    def stamp(local: datetime, summer: bool) -> tuple[datetime, bool]:
        instant = metering.true_time + ahead
        return metering.clock.rules.local(instant), metering.clock.rules.is_dst(instant)

    _shows_time(meter, stamp)


@deviation("consumer-time-stands-still", "MF.6", about="The time at the port stays the same, or goes at another pace.")
def time_stands_still(meter: Meter, rng: Random) -> None:
    """Draw the pace."""
    pace, clock = rng.choice((0.0, 0.5, 2.0)), meter.model.metering.clock
    first = clock.now

    def stamp(local: datetime, summer: bool) -> tuple[datetime, bool]:
        instant = first + (clock.now - first) * pace
        return clock.rules.local(instant), clock.rules.is_dst(instant)

    _shows_time(meter, stamp)


@deviation("consumer-energy-falls-back", "MF.1", about="Every now and then a telegram shows less energy than before.")
def energy_falls_back(meter: Meter, rng: Random) -> None:
    """Draw how often."""
    every, told = rng.randrange(2, 6), [0]

    def on_link(link: ConsumerLink) -> None:
        def rates(original: Callable[[], list[str]]) -> list[str]:
            told[0] += 1
            if told[0] % every:
                return original()
            meter.fire()
            return [f"{one.partition('(')[0]}({link.contents.energy(0)})" for one in original()]

        wrap(link.contents, "rates", rates)

    when_consumer_listens(meter, on_link)


FAMILIES = (
    generation_as_consumption,
    energy_falls_back,
    time_stands_still,
    energy_stands_still,
    tariff_frozen,
    limit_frozen,
    switch_frozen,
    time_off,
    letter_frozen,
    clock_of_its_own,
)
