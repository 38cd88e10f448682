"""Pushes that come when they should not, or not at all, tell something else, or go where they should not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.consumer.notification import enciphered
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.event_settings import EventRole
from reference_meter.model.execution_time import ExecutionTime
from reference_meter.model.objects import DataAccessResult
from reference_meter.play_keys import CONSUMER_KEYS
from reference_meter.push_link import PushLink
from reference_meter.security.ciphering import CipherKeys, Header
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES"]

_PUSH = 1
_BOTH = 0x30


def _when_pushes_are_carried(meter: Meter, change: Callable[[PushLink], None]) -> None:
    """Change every link to where pushes go."""

    def make_link(original: Callable[[str], ServerLink], door: str) -> ServerLink:
        link = original(door)
        if isinstance(link, PushLink):
            change(link)
        return link

    wrap(meter, "make_link", make_link)


@deviation("push-of-old-values", "MF.1", about="A push tells values of an earlier moment, or in another order.")
def push_of_old_values(meter: Meter, rng: Random) -> None:
    """Draw which."""
    setup, other_order = meter.model.parts.push, rng.random() < 0.5
    kept: list[Pair] = []

    def body(original: Callable[[], Pair]) -> Pair:
        present = original()
        if other_order:
            meter.fire()
            return (present[0], [*present[1][::-1]])
        if not kept:
            # What was so when the meter was made.
            kept.append(before)
        meter.fire()
        return kept[0]

    before = (2, [setup.value(one) for one in setup.listed])
    wrap(setup, "body", body)


@deviation(
    "push-under-other-keys", "MF.1", about="Pushes leave in the clear, or under keys that are not the utility's."
)
def push_under_other_keys(meter: Meter, rng: Random) -> None:
    """Draw which."""
    bare = rng.random() < 0.5
    keys = CipherKeys(encryption=CONSUMER_KEYS.unicast, authentication=CONSUMER_KEYS.authentication)

    def on_link(link: PushLink) -> None:
        def message(original: Callable[[bytes], bytes], notification: bytes) -> bytes:
            meter.fire()
            if bare:
                return notification
            security = link.security
            counter = security.counters.next_sent(security.keys.unicast)
            return enciphered(notification, Header(control=_BOTH, title=security.server_title, counter=counter), keys)

        wrap(link, "message", message)

    _when_pushes_are_carried(meter, on_link)


@deviation("push-counter-stands", "MF.1", about="All pushes have the same invocation counter.")
def push_counter_stands(meter: Meter, rng: Random) -> None:
    """Draw the counter."""
    number = rng.choice((0, 1, 0xFFFF))

    def on_link(link: PushLink) -> None:
        def message(original: Callable[[bytes], bytes], notification: bytes) -> bytes:
            meter.fire()
            header = Header(control=_BOTH, title=link.security.server_title, counter=number)
            return enciphered(notification, header, link.security.cipher_keys)

        wrap(link, "message", message)

    _when_pushes_are_carried(meter, on_link)


@deviation("push-schedule-not-kept", "MF.1", about="On its schedule the meter pushes nothing.")
def push_schedule_not_kept(meter: Meter, rng: Random) -> None:
    """Draw whether the schedule or its script does nothing."""
    setup = meter.model.parts.push

    def nothing(original: Callable[..., None], *asked: object) -> None:
        meter.fire()

    if rng.random() < 0.5:
        wrap(setup.schedule, "execute", nothing)
    else:
        wrap(setup.table, "execute", nothing)


@deviation("push-with-each-capture", "MF.1", about="The meter pushes with each capture of its load profile too.")
def push_with_each_capture(meter: Meter, rng: Random) -> None:
    """No parameter."""
    setup = meter.model.parts.push

    def capture(original: Callable[[datetime], None], now: datetime) -> None:
        original(now)
        if setup.carriers:
            meter.fire()
            setup.push()

    wrap(meter.model.metering.profile, "capture", capture)


@deviation("push-for-anybody", "MF.1", about="A client without the right has the meter push.")
def push_for_anybody(meter: Meter, rng: Random) -> None:
    """No parameter."""
    setup = meter.model.parts.push

    def action(original: Callable[..., tuple[int, Pair | None]], *asked: object) -> tuple[int, Pair | None]:
        done = original(*asked)
        if asked[2:4] == (setup.settings.setup, _PUSH) and done[0] == DataAccessResult.READ_WRITE_DENIED:
            meter.fire()
            setup.push()
        return done

    wrap(meter.model, "action", action)


@deviation("push-finer-than-floor", "DF.1", about="Energy is pushed several times within the floor.")
def push_finer_than_floor(meter: Meter, rng: Random) -> None:
    """Draw how far apart."""
    schedule = meter.model.parts.push.schedule
    apart = timedelta(seconds=rng.choice((10, 30)))
    begin = datetime.combine(datetime.min, time(0, 5))
    schedule.times = tuple(ExecutionTime(at=(begin + count * apart).time()) for count in range(4))
    schedule.kind = 5
    meter.model.metering.plan()
    meter.fire()


@deviation("push-elsewhere", "DF.1", about="The push setup names another destination.")
def push_elsewhere(meter: Meter, rng: Random) -> None:
    """Draw which one."""
    setup = meter.model.parts.push
    setup.settings = replace(setup.settings, destination=rng.choice((b"maker-cloud:4059", b"head-end:4060", b"")))
    meter.fire()


@deviation("push-of-events-missing", "MF.1", about="What is to be told at once is not, or not all of it.")
def push_of_events_missing(meter: Meter, rng: Random) -> None:
    """Draw which event."""
    setup = meter.model.parts.event_push
    left = rng.choice(setup.settings.events)

    def hear(original: Callable[[EventRole], None], event: EventRole) -> None:
        if event == left:
            meter.fire()
        else:
            original(event)

    wrap(setup, "hear", hear)


@deviation("push-of-every-event", "MF.1", about="Events are pushed that are not to be told at once.")
def push_of_every_event(meter: Meter, rng: Random) -> None:
    """No parameter."""
    setup = meter.model.parts.event_push

    def hear(original: Callable[[EventRole], None], event: EventRole) -> None:
        if event not in setup.settings.events:
            meter.fire()
            setup.push()
        else:
            original(event)

    wrap(setup, "hear", hear)


@deviation("push-of-events-tells-otherwise", "MF.1", about="A push on an event tells something else than its setup.")
def push_of_events_tells_otherwise(meter: Meter, rng: Random) -> None:
    """Draw whether a value is wrong, one is missing, or those of the schedule come."""
    setup, schedule = meter.model.parts.event_push, meter.model.parts.push
    wrong = rng.choice(("value", "missing", "schedule"))

    def body(original: Callable[[], Pair]) -> Pair:
        meter.fire()
        tag, cells = original()
        if wrong == "schedule":
            return schedule.body()
        if wrong == "missing":
            return tag, [*cells][:-1]
        first, (kind, alarms), *rest = cells
        return tag, [first, (kind, alarms ^ 0x80), *rest]

    wrap(setup, "body", body)


FAMILIES = (
    push_of_events_missing,
    push_of_every_event,
    push_of_events_tells_otherwise,
    push_of_old_values,
    push_under_other_keys,
    push_counter_stands,
    push_schedule_not_kept,
    push_with_each_capture,
    push_for_anybody,
    push_finer_than_floor,
    push_elsewhere,
)
