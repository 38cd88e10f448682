"""Facts in the telegrams of a consumer port."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from harness.checks.cross_door import Amount, Flag, Moment, Shown, Word
from harness.errors import DecodeError
from harness.headend.consumer import Address, Arrival, ConsumerPort, Told
from harness.headend.facts.fact import UNITS, Fact, Found

__all__ = ["TelegramFacts"]

_SWITCH: Final = Address(0, 0, 96, 3, 10)
_CONNECTED: Final = {"1": True, "0": False, "2": False}
"""2 is ready to be connected."""


class TelegramFacts:
    """Hears a telegram that tells of now, and one of a longer list where only that tells a fact."""

    def __init__(self, port: ConsumerPort, *, longest_s: float) -> None:
        """A longer list that comes more rarely than every ``longest_s`` is not waited for."""
        self._port = port
        self._longest_s = longest_s

    def read(self, facts: Sequence[Fact]) -> Found:
        """Return what the port tells of each fact; raises as ``ConsumerPort.hear`` does, and ``DecodeError``."""
        settings = self._port.settings
        heard = self._port.hear(1 + ceil(settings.oldest_s / settings.period_s))
        found = self._in(heard.last, facts)
        for longer in self._port.longer:
            told = {Address.parse(text).obis for text in longer.objects}
            wanted = [fact for fact in facts if isinstance(found[fact.name], str) and fact.target.obis in told]
            if wanted and longer.period_s > self._longest_s:
                found |= {fact.name: f"only a list every {longer.period_s:g} s tells it" for fact in wanted}
            elif wanted:
                many = self._port.hear(ceil((longer.period_s + settings.oldest_s) / settings.period_s) + 1)
                rare = next((one for one in reversed(many.arrivals) if self._port.is_longer(one)), None)
                found |= self._in(rare, wanted) if rare is not None else {}
        return found

    def _in(self, arrival: Arrival, facts: Sequence[Fact]) -> Found:
        telegram = arrival.telegram()
        return {fact.name: self._shown(telegram, arrival.frame, fact) for fact in facts}

    def _shown(self, telegram: Told, frame: int, fact: Fact) -> Shown | str:
        door = self._port.door.id
        if fact.kind == "time":
            stamp = telegram.time
            if stamp is None:
                return "no time is told"
            season = {True: " summer time", False: " winter time", None: ""}[stamp.summer]
            text = f"{stamp.local}{season}"
            return Moment(
                door=door, frame=frame, text=text, local=stamp.local, summer=stamp.summer, instant=stamp.instant
            )
        if fact.kind == "tariff":
            value = telegram.tariff
            return "no tariff is told" if value is None else Word(door=door, frame=frame, text=str(value), value=value)
        if fact.kind == "switch":
            told = telegram.values(_SWITCH)
            state = _CONNECTED.get(told[0]) if told else None
            if state is None:
                return f"no known state of the switch is told: {told}"
            return Flag(door=door, frame=frame, text="connected" if state else "disconnected", value=state)
        address = next((one for one in telegram.addresses if one.obis == fact.target.obis), None)
        if address is None:
            return "it is not told"
        if fact.kind in UNITS:
            quantity = telegram.quantity(address)
            if quantity is None:
                return f"{telegram.values(address)} has no unit that is known"
            return Amount(
                door=door,
                frame=frame,
                text=f"{address}({quantity.value}*{quantity.unit})",
                value=quantity.in_base_unit,
                resolution=quantity.resolution,
                unit=quantity.base_unit,
            )
        values = telegram.values(address) or ("",)
        if not values[0].isdecimal():
            raise DecodeError(f"{address}: {values} are no bits")
        return Word(door=door, frame=frame, text=f"{address}({values[0]})", value=int(values[0]))
