"""A meter that is another one at one of its doors: what the door shows is made of altered state."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from random import Random
from typing import Any

from reference_meter.deviations.answers import is_over_hdlc
from reference_meter.deviations.family import wrap
from reference_meter.meter import Meter
from reference_meter.server.association import Association

__all__ = ["Altered", "at_door", "drawn", "replaced"]

Altered = Callable[[], AbstractContextManager[None]]
"""Makes the meter another one for as long as it is entered."""

_GET = 0xC0
_TURNS = 28
"""With so many the first draws of each family meet doors of unlike kinds."""
_OF_LINK = {
    "optical": ("registers", "show"),
    "behind": ("", "hear_hdlc"),
    "p1": ("contents", "telegram"),
    "han": ("contents", "telegram"),
}
_DOORS = {"optical": "iec62056_21", "behind": "iec62056_21"}


def drawn(rng: Random, doors: tuple[str, ...]) -> str:
    """Draw one of the doors; comes before all else that is drawn."""
    return doors[rng.randrange(_TURNS) % len(doors)]


@contextmanager
def replaced(owner: object, name: str, value: object, meter: Meter) -> Iterator[None]:
    """Give an attribute another value for a while; where it differs the deviation has shown itself."""
    kept = getattr(owner, name)
    if kept != value:
        meter.fire()
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, kept)


def at_door(meter: Meter, door: str, altered: Altered) -> None:
    """Have everything that ``hdlc``, ``optical``, ``mbus``, ``p1``, ``han`` or ``push`` shows made while altered.

    ``behind`` is HDLC behind the sign-on of the optical head.
    """

    def within(original: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        with altered():
            return original(*arguments, **named)

    def judge(original: Callable[..., Any], association: Association, apdu: bytes) -> Any:
        if is_read_over_hdlc(association, apdu):
            return within(original, association, apdu)
        return original(association, apdu)

    def is_read_over_hdlc(association: Association, apdu: bytes) -> bool:
        return apdu[:1] == bytes([_GET]) and is_over_hdlc(meter, association)

    def make_link(original: Callable[[str], Any], opened: str) -> Any:
        link = original(opened)
        if opened == _DOORS.get(door, door):
            part, method = _OF_LINK[door]
            wrap(getattr(link, part) if part else link, method, within)
        return link

    if door == "hdlc":
        wrap(meter.server.services, "judge", judge)
    elif door == "mbus":
        for method in ("telegrams", "status"):
            wrap(meter.model.parts.mbus.electricity, method, within)
    elif door == "push":
        wrap(meter.model.parts.push, "body", within)
    else:
        wrap(meter, "make_link", make_link)
