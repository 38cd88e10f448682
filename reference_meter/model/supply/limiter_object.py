"""The object of the limiter (class 71), and what clients may write into it."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from reference_meter.model.audit import Audit
from reference_meter.model.clock import Clock, instant_from_data
from reference_meter.model.data import (
    Pair,
    array,
    boolean,
    double_long_unsigned,
    integer,
    long_unsigned,
    octet_string,
    structure,
)
from reference_meter.model.objects import MANAGING, MEASURING, NOBODY, Attribute, CosemObject, DataAccessResult
from reference_meter.model.script import ScriptTable
from reference_meter.model.supply.limiter import NO_EMERGENCY, Emergency, Limiter
from reference_meter.model.timed import NEVER
from reference_meter.model.written import (
    ARRAY,
    DOUBLE_LONG_UNSIGNED,
    LONG_UNSIGNED,
    OCTET_STRING,
    STRUCTURE,
    fields,
    out_of_range,
    written,
)
from reference_meter.server.model_port import AccessRefused

__all__ = ["LAST_AVERAGE", "PRESENT_POWER", "LimiterObject", "script_reference", "script_to_data"]

_HIGHEST_THRESHOLD = 10_000_000
_LONGEST_S = 86_400
_MOST_GROUPS = 8
_NOT_SPECIFIED = b"\xff" * 5
PRESENT_POWER = (3, 2)
"""Class and attribute of a power."""
LAST_AVERAGE = (5, 3)
"""Class and attribute of the average of the last demand period."""

Write = Callable[[Pair], None]


class LimiterObject:
    """Shows one limiter to clients."""

    def __init__(
        self,
        limiter: Limiter,
        clock: Clock,
        *,
        monitored: bytes,
        monitorable: Collection[bytes],
        kind: tuple[int, int] = PRESENT_POWER,
        tables: Mapping[bytes, ScriptTable],
        audit: Audit,
    ) -> None:
        """``monitored`` is the OBIS code of the value, ``monitorable`` are those that it can be.

        ``kind`` is the class and the attribute of all of them.
        """
        self._limiter = limiter
        self._clock = clock
        self._monitored = monitored
        self._monitorable = monitorable
        self._kind = kind
        self._tables = tables
        self._audit = audit

    def object(self, obis: bytes) -> CosemObject:
        """The instance of class 71."""
        limiter = self._limiter
        reads: dict[int, Callable[[], Pair]] = {
            2: lambda: structure(long_unsigned(self._kind[0]), octet_string(self._monitored), integer(self._kind[1])),
            3: lambda: limiter.active,
            4: lambda: limiter.normal,
            5: lambda: limiter.emergency_threshold,
            6: lambda: double_long_unsigned(limiter.over_s),
            7: lambda: double_long_unsigned(limiter.under_s),
            8: self._emergency,
            9: lambda: array(long_unsigned(group) for group in limiter.groups),
            10: lambda: boolean(limiter.in_emergency),
            11: lambda: structure(script_to_data(limiter.over_action), script_to_data(limiter.under_action)),
        }
        writes = self._writes()
        return CosemObject(
            class_id=71,
            version=0,
            obis=obis,
            attributes={
                number: Attribute(
                    read=read,
                    readers=MEASURING,
                    write=writes.get(number),
                    writers=MANAGING if number in writes else NOBODY,
                )
                for number, read in reads.items()
            },
        )

    def _writes(self) -> dict[int, Write]:
        limiter, audit = self._limiter, self._audit
        written_by: dict[int, tuple[Callable[[], object], Write]] = {
            2: (lambda: self._monitored, self._write_monitored),
            4: (lambda: limiter.normal, self._write_normal),
            5: (lambda: limiter.emergency_threshold, self._write_emergency_threshold),
            6: (lambda: limiter.over_s, lambda data: setattr(limiter, "over_s", _duration_s(data))),
            7: (lambda: limiter.under_s, lambda data: setattr(limiter, "under_s", _duration_s(data))),
            8: (lambda: limiter.emergency, self._write_emergency),
            9: (lambda: limiter.groups, self._write_groups),
            11: (lambda: (limiter.over_action, limiter.under_action), self._write_actions),
        }
        return {
            number: audit.writing(value, self._planning(write), event="threshold_changed")
            if number in (4, 5)
            else audit.writing(value, self._planning(write))
            for number, (value, write) in written_by.items()
        }

    def _planning(self, write: Write) -> Write:
        def then_plan(data: Pair) -> None:
            write(data)
            self._limiter.reclosed = 0
            self._limiter.plan()

        return then_plan

    def _emergency(self) -> Pair:
        emergency = self._limiter.emergency
        return structure(
            long_unsigned(emergency.identifier), emergency.activation, double_long_unsigned(emergency.duration_s)
        )

    def _write_normal(self, data: Pair) -> None:
        self._limiter.normal = _threshold(data)
        self._limiter.threshold_set()

    def _write_emergency_threshold(self, data: Pair) -> None:
        self._limiter.emergency_threshold = _threshold(data)
        self._limiter.threshold_set()

    def _write_monitored(self, data: Pair) -> None:
        class_id, code, attribute = fields(data, LONG_UNSIGNED, OCTET_STRING, integer(0)[0])
        if code not in self._monitorable:
            raise AccessRefused(DataAccessResult.OBJECT_UNDEFINED)
        if (class_id, attribute) != self._kind:
            raise out_of_range()
        self._monitored = code

    def _write_emergency(self, data: Pair) -> None:
        elements = written(data, STRUCTURE)
        if len(elements) != 3:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        identifier = written(elements[0], LONG_UNSIGNED)
        duration_s = written(elements[2], DOUBLE_LONG_UNSIGNED)
        starts = self._activation(elements[1])
        self._limiter.emergency = Emergency(
            identifier=identifier, activation=elements[1], starts=starts, duration_s=duration_s
        )

    def _activation(self, data: Pair) -> datetime:
        if data[0] == OCTET_STRING and data[1][:5] == _NOT_SPECIFIED:
            return NO_EMERGENCY.starts
        starts = instant_from_data(data, self._clock.rules)
        return min(starts, NEVER)

    def _write_groups(self, data: Pair) -> None:
        groups = tuple(written(element, LONG_UNSIGNED) for element in written(data, ARRAY))
        if len(groups) > _MOST_GROUPS:
            raise out_of_range()
        self._limiter.groups = groups

    def _write_actions(self, data: Pair) -> None:
        elements = written(data, STRUCTURE)
        if len(elements) != 2:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        over, under = (script_reference(element, self._tables) for element in elements)
        self._limiter.over_action, self._limiter.under_action = over, under


def _threshold(data: Pair) -> Pair:
    if not 0 <= written(data, DOUBLE_LONG_UNSIGNED) <= _HIGHEST_THRESHOLD:
        raise out_of_range()
    return data


def _duration_s(data: Pair) -> int:
    duration_s: int = written(data, DOUBLE_LONG_UNSIGNED)
    if duration_s > _LONGEST_S:
        raise out_of_range()
    return duration_s


def script_to_data(action: tuple[bytes, int]) -> Pair:
    """The structure that names a script."""
    return structure(octet_string(action[0]), long_unsigned(action[1]))


def script_reference(data: Pair, tables: Mapping[bytes, ScriptTable]) -> tuple[bytes, int]:
    """Read which script is named; AccessRefused for one that is not there. A table of zeros is no script."""
    table, identifier = fields(data, OCTET_STRING, LONG_UNSIGNED)
    if table != bytes(6) and (table not in tables or identifier not in tables[table].scripts):
        raise out_of_range()
    return table, identifier
