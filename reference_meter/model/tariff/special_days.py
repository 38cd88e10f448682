"""Special days (class 11): dates on which another day of the calendar is in force."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reference_meter.model.data import Pair, array, long_unsigned, octet_string, structure, unsigned
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject, DataAccessResult, Method
from reference_meter.model.tariff.shift_times import elements
from reference_meter.model.written import LONG_UNSIGNED, OCTET_STRING, fields, out_of_range, written
from reference_meter.server.model_port import AccessRefused

__all__ = ["SpecialDay", "SpecialDays"]

_UNSIGNED = 17
_OPEN, _ANY_YEAR = 0xFF, 0xFFFF
_MOST_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """One entry; open fields of the date match every day."""

    index: int
    on: bytes
    """Five octets: year, month, day, day of the week."""
    day: int

    def matches(self, local: date) -> bool:
        """Whether it means this date."""
        wanted = (int.from_bytes(self.on[:2]), self.on[2], self.on[3], self.on[4])
        is_now = (local.year, local.month, local.day, local.isoweekday())
        opened = (_ANY_YEAR, _OPEN, _OPEN, _OPEN)
        return all(one in (any_, now) for one, now, any_ in zip(wanted, is_now, opened, strict=True))

    def to_data(self) -> Pair:
        """A structure of index, date and number of the day."""
        return structure(long_unsigned(self.index), octet_string(self.on), unsigned(self.day))

    @classmethod
    def from_data(cls, data: Pair | None) -> "SpecialDay":
        """The entry that a client sent; AccessRefused for another type or an impossible date."""
        index, on, day = fields(data, LONG_UNSIGNED, OCTET_STRING, _UNSIGNED)
        if len(on) != 5:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        if on[2] not in (*range(1, 13), _OPEN) or on[3] not in (*range(1, 32), _OPEN):
            raise out_of_range()
        return cls(index=index, on=on, day=day)


class SpecialDays:
    """The table; ``changed`` hears of every effective change."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.entries: tuple[SpecialDay, ...] = ()
        self._changed = changed

    def day_on(self, local: date) -> int | None:
        """The number of the day that is in force on a date, None for an ordinary one."""
        return next((entry.day for entry in self.entries if entry.matches(local)), None)

    def object(
        self, obis: bytes, audited: Callable[[Callable[[], object], Callable[[Pair], None]], Callable[[Pair], None]]
    ) -> CosemObject:
        """The instance of class 11; ``audited`` makes a write that is logged."""

        def invoke(action: Callable[[Pair], None]) -> Callable[[Pair | None], None]:
            def invoked(parameter: Pair | None) -> None:
                if parameter is None:
                    raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
                audited(lambda: self.entries, action)(parameter)

            return invoked

        return CosemObject(
            class_id=11,
            version=0,
            obis=obis,
            attributes={
                2: Attribute(
                    read=lambda: array(entry.to_data() for entry in self.entries),
                    readers=MEASURING,
                    write=audited(lambda: self.entries, self._write),
                    writers=MANAGING,
                )
            },
            methods={
                1: Method(invoke=invoke(self._insert), callers=MANAGING),
                2: Method(invoke=invoke(self._delete), callers=MANAGING),
            },
        )

    def _write(self, data: Pair) -> None:
        entries = tuple(map(SpecialDay.from_data, elements(data, _MOST_DAYS)))
        if len({entry.index for entry in entries}) != len(entries):
            raise out_of_range()
        self._put(entries)

    def _insert(self, data: Pair) -> None:
        entry = SpecialDay.from_data(data)
        others = tuple(one for one in self.entries if one.index != entry.index)
        if len(others) == _MOST_DAYS:
            raise out_of_range()
        self._put((*others, entry))

    def _delete(self, data: Pair) -> None:
        index = written(data, LONG_UNSIGNED)
        others = tuple(one for one in self.entries if one.index != index)
        if len(others) == len(self.entries):
            raise out_of_range()
        self._put(others)

    def _put(self, entries: tuple[SpecialDay, ...]) -> None:
        self.entries = entries
        self._changed()
