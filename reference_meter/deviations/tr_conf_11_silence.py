"""TR-Conf.11: changes that are silent through one door, lost with the supply, or overwrite the entry of another."""

from collections.abc import Callable
from random import Random

from reference_meter.deviations.answers import tell_hdlc
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.noting import silence
from reference_meter.deviations.tr_conf_02a import changes_log
from reference_meter.meter import Meter
from reference_meter.model.event_settings import EventRole
from reference_meter.model.row import Row

__all__ = ["FAMILIES"]

_ZONE, _ENTRIES, _SPECIAL_DAYS = 3, 8, 2


@deviation("change-lost-with-power", "TR-Conf.11a", about="A power cut takes a parameter back, and leaves its entry.")
def change_lost_with_power(meter: Meter, rng: Random) -> None:
    """Draw the parameter."""
    codes, silent = meter.configuration.instances, [False]
    obis, attribute = rng.choice(
        (
            (codes.clock, _ZONE),
            (meter.configuration.billing.month.profile, _ENTRIES),
            (codes.special_days, _SPECIAL_DAYS),
        )
    )
    found = meter.model.objects[obis].attributes[attribute]
    at_first = found.read()

    def changed(original: Callable[..., None], **named: object) -> None:
        if not silent[0]:
            original(**named)

    def cut_power(original: Callable[[], None]) -> None:
        if found.write is not None and found.read() != at_first:
            silent[0] = True
            found.write(at_first)
            silent[0] = False
            meter.fire()
        original()

    wrap(meter.model.parts.audit, "changed", changed)
    wrap(meter.model.parts, "cut_power", cut_power)


@deviation("change-through-one-door-silent", "TR-Conf.11a", about="What is changed over HDLC leaves no entry.")
def one_door_silent(meter: Meter, rng: Random) -> None:
    """Draw whether it is counted."""
    silence(meter, tell_hdlc(meter), counted=rng.choice((True, False)))


@deviation("clock-pair-swapped", "TR-Conf.11a", about="Of the pair of times the new one is logged first, or twice.")
def clock_pair_swapped(meter: Meter, rng: Random) -> None:
    """Draw which."""
    others: dict[EventRole, EventRole] = {"clock_adjusted_old": "clock_adjusted_new"}
    if rng.choice((True, False)):
        others["clock_adjusted_new"] = "clock_adjusted_old"

    def record(original: Callable[[EventRole], None], role: EventRole) -> None:
        if role in others:
            meter.fire()
        original(others.get(role, role))

    wrap(meter.model.parts.logs, "record", record)


@deviation("one-change-a-day-kept", "TR-Conf.11a", about="A further change of a day takes the place of the one before.")
def one_change_a_day(meter: Meter, rng: Random) -> None:
    """No parameter."""
    profile, event = changes_log(meter).profile, meter.model.parts.logs.event("parameters_changed")

    def is_change(row: Row) -> bool:
        return event is not None and any(value == event.code for _, value in row.values)

    def store(original: Callable[[Row], None], row: Row) -> None:
        last = profile.rows[-1] if profile.rows else None
        original(row)
        if last is None or not (is_change(last) and is_change(row)):
            return
        if last.captured_at.date() == row.captured_at.date():
            profile.rows.remove(last)
            meter.fire()

    wrap(profile, "store", store)


@deviation("update-changes-silently", "TR-Conf.11a", about="What an update of the firmware changes leaves no entry.")
def update_changes_silently(meter: Meter, rng: Random) -> None:
    """Draw whether it is counted."""
    updating = [False]

    def install(original: Callable[..., None], **named: bool) -> None:
        updating[0] = True
        try:
            original(**named)
        finally:
            updating[0] = False

    wrap(meter.model, "install_firmware", install)
    silence(meter, lambda: updating[0], counted=rng.choice((True, False)))


FAMILIES = (
    change_lost_with_power,
    one_door_silent,
    clock_pair_swapped,
    one_change_a_day,
    update_changes_silently,
)
