"""Facts in a reading over M-Bus."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from harness.checks.cross_door import Amount, Flag, Moment, Shown, Word
from harness.declaration import HardwareFault
from harness.headend.facts.fact import UNITS, Fact, Found
from harness.headend.mbus import MBusMaster, Reading
from harness.headend.mbus.reading import amount_of
from harness.protocol.mbus import Record

__all__ = ["SlaveFacts"]

_IMPORT, _EXPORT = 1, 2
"""Value group C of what is drawn and what is delivered."""
_WAYS: Final[Mapping[int, tuple[tuple[int, ...], ...]]] = {_IMPORT: ((0x3B,), ()), _EXPORT: ((0x3C,),)}
"""Extensions of a record, the plainest ones first; without any it is what the meter counts forward."""


class SlaveFacts:
    """Reads the slave and finds facts among the records of now."""

    def __init__(self, master: MBusMaster, fault: HardwareFault | None) -> None:
        self._master = master
        self._fault = fault

    def read(self, facts: Sequence[Fact]) -> Found:
        """Return what a reading shows of each fact."""
        reading = self._master.judged_read()
        self._master.close_all()
        return {fact.name: self._shown(reading, fact) for fact in facts}

    def _shown(self, reading: Reading, fact: Fact) -> Shown | str:
        door, frame = self._master.door.id, reading.frame
        if fact.kind in UNITS:
            return self._amount(reading, fact)
        if fact.kind == "time":
            return self._time(reading)
        if fact.kind == "fault":
            mask = 0 if self._fault is None else self._fault.mbus_status
            if not mask:
                return "its status does not tell of faults"
            bits = reading.status
            return Flag(door=door, frame=frame, text=f"status {bits:#04x}", value=bool(bits & mask))
        if fact.kind == "registers" and fact.role == self._master.settings.error_flags:
            for record in reading.present("error flags"):
                if isinstance(record.value, int):
                    return Word(door=door, frame=frame, text=str(record), value=record.value)
                return Word(door=door, frame=frame, text=str(record), value=int.from_bytes(record.raw, "little"))
        return "no record of it is known"

    def _amount(self, reading: Reading, fact: Fact) -> Shown | str:
        record = self._record(reading, fact)
        found = None if record is None else amount_of(record)
        if record is None or found is None:
            return "no record shows it"
        if record.quantity.unit != UNITS[fact.kind]:
            return f"{record} is in another unit"
        value, step = found
        amount = Amount(
            door=self._master.door.id,
            frame=reading.frame,
            text=str(record),
            value=value,
            resolution=step,
            unit=record.quantity.unit,
        )
        if fact.kind == "energy" or value >= 0:
            return amount
        # What flows out has a sign where one record shows both directions.
        return replace(amount, value=Decimal(0) if fact.groups[2] == _IMPORT else -value)

    def _record(self, reading: Reading, fact: Fact) -> Record | None:
        group, tariff = fact.groups[2], fact.groups[4]
        records = [one for one in reading.present(fact.kind) if one.tariff == (tariff if fact.kind == "energy" else 0)]
        for extensions in _WAYS.get(group, ()):
            for record in records:
                if record.quantity.extensions == extensions:
                    return record
        signed = fact.kind == "power" and group == _EXPORT
        plain = next((one for one in records if signed and not one.quantity.extensions), None)
        found = None if plain is None else amount_of(plain)
        return plain if found is not None and found[0] < 0 else None

    def _time(self, reading: Reading) -> Shown | str:
        clock = reading.clock
        if clock is None or not isinstance(clock.moment, datetime):
            return "no record shows it"
        if clock.invalid:
            return f"{clock}"
        return Moment(
            door=self._master.door.id,
            frame=reading.frame,
            text=str(clock),
            local=clock.moment,
            resolution_s=clock.resolution_s,
            # Many slaves leave the bit alone.
            summer=clock.summer_time or None,
        )
