"""Events that the device tells at once by a push, and those that it does not."""

from collections.abc import Callable, Mapping

from pytest_bdd import parsers, when

from harness.declaration import CosemObject, Event
from harness.errors import NotApplicable
from harness.headend.client import Client, item
from harness.headend.data import Data
from harness.headend.pushing import PushedAttribute, PushListener, PushSetup
from harness.headend.registers import clock_data, read_clock
from harness.run.trial import Trial
from steps.polling.pushing import Compared, next_push, read_all

_CLOCK, _TIME = 8, 2
_BEYOND_S = 5


def _open_seal(trial: Trial, client: Client) -> None:
    trial.at_the_end(trial.hands.close_seal)
    trial.hands.open_seal()


def _lose_time(trial: Trial, client: Client) -> None:
    trial.changes.clock(client.declared.id, trial.object("clock"))
    trial.disturbance.invalidate_clock()


def _set_clock(trial: Trial, client: Client) -> None:
    clock = trial.object("clock")
    trial.changes.clock(client.declared.id, clock)
    later_s = trial.declaration.clock.sync_limit_s + _BEYOND_S
    client.set(item(clock, _TIME), clock_data(read_clock(client, clock).later(later_s)))


_BROUGHT_ABOUT: Mapping[str, Callable[[Trial, Client], None]] = {
    "seal_opened": _open_seal,
    "clock_invalid": _lose_time,
    "clock_adjusted_new": _set_clock,
}


def _is_pushed(trial: Trial, event: str) -> bool:
    declared = trial.declaration.event(event)
    if not isinstance(declared, Event):
        raise NotApplicable("the device knows no such event", item=f"events.{event}")
    return declared.pushed


def _setup(trial: Trial, client: Client) -> PushSetup:
    """The push setup of events; where there is none of their own, the one of the schedule."""
    own = trial.declaration.object("event_push_setup")
    return PushSetup(client, own if isinstance(own, CosemObject) else trial.object("push_setup"))


def _read(trial: Trial, client: Client, objects: tuple[PushedAttribute, ...]) -> list[Data | None]:
    """Read what is pushed, but for the time, which these events change."""
    read = read_all(trial, client, objects)
    return [None if one.class_id == _CLOCK else data for one, data in zip(objects, read, strict=True)]


@when(parsers.parse("{event} comes about, which is to be pushed"), target_fixture="compared")
def pushed_event(trial: Trial, client: Client, listener: PushListener, event: str) -> Compared:
    if not _is_pushed(trial, event):
        raise NotApplicable("the device does not push that", item=f"events.{event}.pushed")
    with trial.basis():
        objects = _setup(trial, client).objects()
        before = _read(trial, client, objects)
    _BROUGHT_ABOUT[event](trial, client)
    push = next_push(trial, listener)
    with trial.basis():
        after = _read(trial, client, objects)
    return Compared(objects=objects, before=before, push=push, after=after)


@when(parsers.parse("{event} comes about, which is not to be pushed"))
def other_event(trial: Trial, client: Client, listener: PushListener, event: str) -> None:
    if _is_pushed(trial, event):
        raise NotApplicable("the device pushes that", item=f"events.{event}.pushed")
    _BROUGHT_ABOUT[event](trial, client)
