"""The common shape of deviations in what a GET gives: another value, or a value in place of a refusal."""

from collections.abc import Callable
from dataclasses import dataclass

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import wrap
from reference_meter.meter import Meter
from reference_meter.server.model_port import AccessRefused, Selection

__all__ = ["VALUE", "Read", "after_read", "change_refusals", "change_values"]

VALUE = 2
"""The attribute with the value, in most classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One attribute read by one client."""

    client: int
    class_id: int
    obis: bytes
    attribute: int

    def is_of(self, obis: bytes, attribute: int = VALUE) -> bool:
        """Whether this attribute of this object was read."""
        return self.obis == obis and self.attribute == attribute


_Get = Callable[[int, int, bytes, int, Selection | None], Pair]


def change_values(meter: Meter, change: Callable[[Read, Pair], Pair]) -> None:
    """Give clients what ``change`` makes of each value; it has fired where that is another."""

    def get(
        original: _Get, client: int, class_id: int, obis: bytes, attribute: int, selection: Selection | None
    ) -> Pair:
        pair = original(client, class_id, obis, attribute, selection)
        changed = change(Read(client=client, class_id=class_id, obis=obis, attribute=attribute), pair)
        if changed != pair:
            meter.fire()
        return changed

    wrap(meter.model, "get", get)


def after_read(meter: Meter, tell: Callable[[Read], None]) -> None:
    """Call ``tell`` after each read that succeeded."""

    def unchanged(read: Read, pair: Pair) -> Pair:
        tell(read)
        return pair

    change_values(meter, unchanged)


def change_refusals(meter: Meter, result: int, instead: Callable[[Read], Pair]) -> None:
    """Give clients what ``instead`` gives where the meter would refuse with ``result``; it may refuse by itself."""

    def get(
        original: _Get, client: int, class_id: int, obis: bytes, attribute: int, selection: Selection | None
    ) -> Pair:
        try:
            return original(client, class_id, obis, attribute, selection)
        except AccessRefused as refusal:
            if refusal.result != result:
                raise
        meter.fire()
        return instead(Read(client=client, class_id=class_id, obis=obis, attribute=attribute))

    wrap(meter.model, "get", get)
