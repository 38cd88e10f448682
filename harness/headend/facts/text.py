"""Facts in the readout of a local port."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from harness.checks.cross_door import Amount, Flag, Moment, Shown, Word
from harness.checks.optical import in_base_units
from harness.declaration import HardwareFault
from harness.errors import DecodeError
from harness.headend.facts.fact import UNITS, Fact, Found, place_of
from harness.headend.optical import OpticalPort, Readout
from harness.protocol.iec62056_21 import DataSet

__all__ = ["ReadoutFacts"]

_CODE: Final = re.compile(r"(?:([0-9]+)-([0-9]+):)?([0-9A-Z]+\.[0-9A-Z]+\.[0-9A-Z]+)(?:\*255)?")
_TIME, _DATE = "0.9.1", "0.9.2"
_HOURS: Final = re.compile(r"([0-3])?([0-9]{2}):?([0-9]{2})(?::?([0-9]{2}))?")
_DAY: Final = re.compile(r"[0-3]?([0-9]{2})[-.]?([0-9]{2})[-.]?([0-9]{2})")
_SEASONS: Final = {"0": False, "1": True}


class ReadoutFacts:
    """Reads the device out and finds facts by declared addresses, else by their codes."""

    def __init__(self, port: OpticalPort, fault: HardwareFault | None) -> None:
        self._port = port
        self._fault = fault

    def read(self, facts: Sequence[Fact]) -> Found:
        """Return what a readout shows of each fact."""
        readout = self._port.judged_readout()
        self._port.close_all()
        return {fact.name: self._shown(readout, fact) for fact in facts}

    def _shown(self, readout: Readout, fact: Fact) -> Shown | str:
        if fact.kind == "time":
            return self._time(readout)
        found = self._find(readout, fact)
        if found is None:
            return "it is not in the readout"
        door, frame, text = self._port.door.id, readout.frame, found.to_text()
        try:
            if fact.kind in UNITS:
                value, step = (in_base_units(each, found.unit) for each in (found.number, found.resolution))
                if value is None or step is None:
                    return f"{text} has no unit that is known"
                unit = (found.unit or "").lstrip("kM")
                return Amount(door=door, frame=frame, text=text, value=value, resolution=step, unit=unit)
            if fact.role in ("error_register", "alarm_register"):
                bits = int(found.value, 16)
                if fact.kind == "fault":
                    wanted = 0 if self._fault is None else self._fault.bits
                    return Flag(door=door, frame=frame, text=text, value=bool(bits & wanted))
                return Word(door=door, frame=frame, text=text, value=bits)
        except (DecodeError, ValueError) as error:
            return f"{text}: {error}"
        if fact.kind == "switch":
            state = {"1": True, "0": False, "2": False}.get(found.value)
            return f"{text} is no state of the switch" if state is None else _flag(door, frame, text, state)
        return Word(door=door, frame=frame, text=text, value=found.value)

    def _find(self, readout: Readout, fact: Fact) -> DataSet | None:
        declared = self._port.settings.registers.get(fact.role)
        if fact.role == "error_register":
            declared = self._port.settings.error_register or "-"
        if declared is not None and fact.name in (fact.role, "fault"):
            return readout.find(declared)
        for one in readout.sets:
            code = _CODE.fullmatch(one.address)
            if code is None or code[3] != place_of(fact):
                continue
            if code[1] is None or (int(code[1]), int(code[2])) == fact.groups[:2]:
                return one
        return None

    def _time(self, readout: Readout) -> Shown | str:
        """Local time and date stand apart; the digits of a date in either order."""
        hours, day = (readout.find(address) for address in (_TIME, _DATE))
        if hours is None or day is None:
            return "neither time nor date is in the readout"
        time, date = _HOURS.fullmatch(hours.value), _DAY.fullmatch(day.value)
        text = f"{hours.to_text()} {day.to_text()}"
        if time is None or date is None:
            return f"{text} is not in a form that is known"
        clock = (int(time[2]), int(time[3]), int(time[4] or 0))
        days = ((date[1], date[2], date[3]), (date[3], date[2], date[1]))
        found = [local for digits in days if (local := _local(digits, clock)) is not None]
        if not found:
            return f"{text} is no time that there is"
        return Moment(
            door=self._port.door.id,
            frame=readout.frame,
            text=text,
            local=found[0],
            otherwise=tuple(found[1:]),
            resolution_s=60 if time[4] is None else 1,
            summer=_SEASONS.get(time[1] or ""),
        )


def _local(digits: tuple[str, str, str], clock: tuple[int, int, int]) -> datetime | None:
    year, month, day = map(int, digits)
    try:
        return datetime(2000 + year, month, day, *clock)
    except ValueError:
        return None  # the digits stand in another order


def _flag(door: str, frame: int, text: str, value: bool) -> Flag:
    return Flag(door=door, frame=frame, text=text, value=value)
