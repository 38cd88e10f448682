"""Meters behind the meter: removed and installed otherwise than they should be."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.deviations.children import child_client, unrecorded
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import Pair
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import ALL

__all__ = ["FAMILIES"]

_INSTALL, _REMOVE = 1, 2
_NOTED: tuple[EventRole, ...] = ("child_installed", "child_removed")


@deviation("child-removed-still-shown", "SU3.step2", about="Removing a meter behind does nothing.")
def removed_still_shown(meter: Meter, rng: Random) -> None:
    """No parameter: it is answered and noted as if it were done."""
    client, logs = child_client(meter), meter.model.parts.logs

    def remove(original: Callable[[], None]) -> None:
        meter.fire()
        logs.record("child_removed")

    def install(original: Callable[[int], bool], primary: int) -> bool:
        logs.record("child_installed")
        return True

    wrap(client, "remove", remove)
    wrap(client, "install", install)


@deviation("child-removed-still-fetched", "SU3.step2", about="A meter that was removed is asked on and shown.")
def removed_still_fetched(meter: Meter, rng: Random) -> None:
    """No parameter."""
    client = child_client(meter)

    def happen(original: Callable[[], None]) -> None:
        if not client.installed:
            meter.fire()
            client.capture()
        original()

    wrap(client, "happen", happen)
    wrap(client.keys, "forget", lambda original: None)


@deviation("child-installed-again-not-fetched", "SU3.step2", about="A meter that was installed again is not asked.")
def installed_not_fetched(meter: Meter, rng: Random) -> None:
    """No parameter: what was fetched before stays, with the time of each capture."""
    client = child_client(meter)
    back: list[int] = []

    def install(original: Callable[[int], bool], primary: int) -> bool:
        done = original(primary)
        back.append(primary)
        client.registers = dict.fromkeys(client.registers, 0)
        return done

    def capture(original: Callable[[], None]) -> None:
        kept = client.registers
        original()
        if back:
            meter.fire()
            client.registers = kept

    wrap(client, "capture", capture)
    wrap(client, "install", install)


@deviation("child-registration-unlogged", "TR-Conf.02a", about="Removal or installation is not noted.")
def registration_unlogged(meter: Meter, rng: Random) -> None:
    """Draw which."""
    unrecorded(meter, rng.choice(_NOTED))


@deviation("child-registration-logged-twice", "TR-Conf.02a", about="Removal or installation is noted twice.")
def registration_logged_twice(meter: Meter, rng: Random) -> None:
    """Draw which."""
    twice = rng.choice(_NOTED)

    def record(original: Callable[[EventRole], None], event: EventRole) -> None:
        original(event)
        if event == twice:
            meter.fire()
            original(event)

    wrap(meter.model.parts.logs, "record", record)


@deviation("child-registered-by-anybody", "TR-Conf.02b", about="Any client may remove, or install, a meter behind.")
def registered_by_anybody(meter: Meter, rng: Random) -> None:
    """Draw which."""
    shown = meter.model.objects[meter.configuration.instances.mbus_client]
    number = rng.choice((_INSTALL, _REMOVE))
    method = shown.methods[number]

    def invoke(parameter: Pair | None) -> None:
        method.invoke(parameter)
        meter.fire()

    shown.methods[number] = replace(method, invoke=invoke, callers=ALL)


FAMILIES = (
    removed_still_shown,
    removed_still_fetched,
    installed_not_fetched,
    registration_unlogged,
    registration_logged_twice,
    registered_by_anybody,
)
