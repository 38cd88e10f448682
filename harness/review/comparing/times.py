"""The clock: time zone, daylight saving time, methods."""

from collections.abc import Iterator

from harness.declaration import CosemObject, Declaration
from harness.declaration.clock import CLOCK_METHODS
from harness.errors import DeviceError
from harness.headend.registers import clock_of
from harness.headend.rights.object_list import Right
from harness.review.fact import DoorFacts, Row

__all__ = ["agreement", "compare_clock"]

_TOPIC = "clock"
_TIME, _ZONE, _DST = 2, 3, 8


def compare_clock(declaration: Declaration, facts: DoorFacts) -> Iterator[Row]:
    """Yield the rows of the declared clock, as far as it could be read."""
    clock = declaration.object("clock")
    if not isinstance(clock, CosemObject):
        return
    time = facts.value(clock, _TIME)
    if time is not None and time.data is not None:
        try:
            shown, wrong = str(clock_of(time.data)), ""
        except (DeviceError, ValueError) as error:
            shown, wrong = "", f"no time: {error}"
        yield Row(
            door=facts.door, topic=_TOPIC, item="time", observed=shown, agrees=False if wrong else None, note=wrong,
            frame=time.frame,
        )  # fmt: skip
    zone = facts.value(clock, _ZONE)
    if zone is not None and zone.data is not None:
        yield Row(
            door=facts.door, topic=_TOPIC, item="time zone in min", announced=str(zone.data.value), frame=zone.frame,
        )  # fmt: skip
    dst = facts.value(clock, _DST)
    if dst is not None and dst.data is not None:
        same = bool(dst.data.value) == declaration.clock.dst
        said = "dst" in declaration.clock.model_fields_set
        yield Row(
            door=facts.door, topic=_TOPIC, item="daylight saving time",
            declared=f"{_yes(declaration.clock.dst)}{'' if said else ' (by default)'}",
            announced=_yes(bool(dst.data.value)), agrees=agreement(same=same, said=said),
            note="" if same else "[clock] dst says otherwise" if said else "say so: [clock] dst",
            frame=dst.frame,
        )  # fmt: skip
    yield from _methods(declaration, facts, clock)


def _methods(declaration: Declaration, facts: DoorFacts, clock: CosemObject) -> Iterator[Row]:
    managers = {one.id for one in declaration.associations if one.role == "management"}
    for client, objects in facts.lists():
        one = objects.find(clock.class_id, clock.obis)
        if client not in managers or one is None or not one.methods:
            continue
        rights = {name: one.may_invoke(number) for number, name in enumerate(CLOCK_METHODS, start=1)}
        granted = [name for name, right in rights.items() if right is Right.GRANTED]
        differing = [
            name
            for name, right in rights.items()
            if right is not Right.UNSURE and (right is Right.GRANTED) != (name in declaration.clock.methods)
        ]
        said = "methods" in declaration.clock.model_fields_set
        yield Row(
            door=facts.door,
            topic=_TOPIC,
            item=f"methods for {client}",
            declared=f"{', '.join(declaration.clock.methods) or 'none'}{'' if said else ' (by default)'}",
            announced=", ".join(granted) or "none",
            agrees=agreement(same=not differing, said=said),
            note="" if not differing else f"{'' if said else 'say so: '}[clock] methods, {', '.join(differing)}",
            frame=objects.frame,
        )


def agreement(*, same: bool, said: bool) -> bool | None:
    """Return the word of a row: a default that does not fit is a note, for nobody has said it."""
    return True if same else False if said else None


def _yes(value: bool) -> str:
    return "yes" if value else "no"
