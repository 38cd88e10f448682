"""The register monitor (class 21): tells when a value crosses one of its thresholds, upwards or downwards."""

from collections.abc import Callable, Mapping

from reference_meter.model.audit import Audit
from reference_meter.model.data import (
    Pair,
    array,
    double_long_unsigned,
    integer,
    long_unsigned,
    octet_string,
    structure,
)
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject
from reference_meter.model.script import ScriptTable
from reference_meter.model.supply.limiter_object import script_reference, script_to_data
from reference_meter.model.timed import Timed
from reference_meter.model.written import ARRAY, DOUBLE_LONG_UNSIGNED, STRUCTURE, out_of_range, written
from reference_meter.server.model_port import AccessRefused

__all__ = ["RegisterMonitor"]

_MOST_THRESHOLDS = 4
_NO_SCRIPT = (bytes(6), 0)

Actions = tuple[tuple[bytes, int], tuple[bytes, int]]
"""The scripts of a crossing upwards and of one downwards."""


class RegisterMonitor(Timed):
    """Watches one value; each change of it is told by ``plan``."""

    def __init__(
        self,
        monitored: bytes,
        read: Callable[[], int],
        tables: Mapping[bytes, ScriptTable],
        record: Callable[[EventRole], None],
        thresholds: tuple[int, ...] = (2_000_000,),
    ) -> None:
        """``monitored`` is the OBIS code of the register of which ``read`` gives the value."""
        self.thresholds = thresholds
        self.actions: tuple[Actions, ...] = ((_NO_SCRIPT, _NO_SCRIPT),) * len(thresholds)
        self._monitored = monitored
        self._read = read
        self._tables = tables
        self._record = record
        self._above = frozenset[int]()

    def plan(self) -> None:
        """Look at the value as it is now."""
        value = self._read()
        above = frozenset(threshold for threshold in self.thresholds if value > threshold)
        crossed, self._above = above ^ (self._above & frozenset(self.thresholds)), above
        for number, threshold in enumerate(self.thresholds):
            if threshold in crossed:
                self.note("monitor_exceeded" if threshold in above else "monitor_ok")
                if number < len(self.actions):
                    self._act(self.actions[number][0 if threshold in above else 1])

    def note(self, event: EventRole) -> None:
        """Note a crossing."""
        self._record(event)

    def _act(self, action: tuple[bytes, int]) -> None:
        table = self._tables.get(action[0])
        if table is not None:
            try:
                table.execute(action[1])
            except AccessRefused:
                return

    def _write_thresholds(self, data: Pair) -> None:
        thresholds = tuple(written(element, DOUBLE_LONG_UNSIGNED) for element in written(data, ARRAY))
        if len(thresholds) > _MOST_THRESHOLDS or len(set(thresholds)) != len(thresholds):
            raise out_of_range()
        self.thresholds = thresholds
        self.plan()

    def _write_actions(self, data: Pair) -> None:
        sets = [written(element, STRUCTURE) for element in written(data, ARRAY)]
        if len(sets) > _MOST_THRESHOLDS or any(len(one) != 2 for one in sets):
            raise out_of_range()
        self.actions = tuple(
            (script_reference(up, self._tables), script_reference(down, self._tables)) for up, down in sets
        )

    def object(self, obis: bytes, audit: Audit) -> CosemObject:
        """The instance of class 21; what it watches is fixed."""
        return CosemObject(
            class_id=21,
            version=0,
            obis=obis,
            attributes={
                2: Attribute(
                    read=lambda: array(map(double_long_unsigned, self.thresholds)),
                    readers=MEASURING,
                    write=audit.writing(lambda: self.thresholds, self._write_thresholds, event="threshold_changed"),
                    writers=MANAGING,
                ),
                3: Attribute(
                    read=lambda: structure(long_unsigned(3), octet_string(self._monitored), integer(2)),
                    readers=MEASURING,
                ),
                4: Attribute(
                    read=lambda: array(structure(*map(script_to_data, pair)) for pair in self.actions),
                    readers=MEASURING,
                    write=audit.writing(lambda: self.actions, self._write_actions),
                    writers=MANAGING,
                ),
            },
        )
