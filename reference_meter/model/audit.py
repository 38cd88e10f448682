"""The audit of parameters: how often they were changed, when last, and the event of each change."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reference_meter.model.configuration import Instances
from reference_meter.model.data import Pair, double_long_unsigned, octet_string
from reference_meter.model.event_log import EventLogs
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import ALL, CosemObject, data_object
from reference_meter.model.parameter import Change

__all__ = ["Audit", "ChangeCount"]

Write = Callable[[Pair], None]


class ChangeCount:
    """A number of changes and the time stamp of the last one; before the first it is that of the meter's making."""

    def __init__(self, made_at: bytes) -> None:
        self.number = 0
        self.changed_at = made_at

    def objects(self, counter: bytes, date: bytes) -> list[CosemObject]:
        """The objects that show both, under these OBIS codes."""
        return [
            data_object(counter, lambda: double_long_unsigned(self.number), ALL),
            data_object(date, lambda: octet_string(self.changed_at), ALL),
        ]


class Audit:
    """Every change of a parameter is counted and logged; the same value again is one only where it is noted."""

    def __init__(self, logs: EventLogs, stamp: Callable[[], bytes], *, same_value_noted: bool = False) -> None:
        self._logs = logs
        self._same_value_noted = same_value_noted
        self._stamp = stamp
        self.changes = ChangeCount(stamp())
        self.protected_changes = ChangeCount(stamp())
        """Of the parameters behind the seal."""
        self.tell: Callable[[Change], None] = lambda change: None
        """Hears which attribute was changed by a client."""
        self._written: Change | None = None

    @contextmanager
    def naming(self, change: Change) -> Iterator[None]:
        """Say what a client is writing while it is written."""
        self._written = change
        try:
            yield
        finally:
            self._written = None

    def changed(self, *, protected: bool = False, event: EventRole = "parameters_changed") -> None:
        """Note a change of this instant as an event."""
        count = self.protected_changes if protected else self.changes
        count.number += 1
        count.changed_at = self._stamp()
        self._logs.record(event)
        if self._written is not None:
            self.tell(self._written)

    def writing(
        self,
        value: Callable[[], object],
        write: Write,
        *,
        protected: bool = False,
        event: EventRole = "parameters_changed",
    ) -> Write:
        """Give a write that notes whether it has changed the value."""

        def audited(data: Pair) -> None:
            before = value()
            write(data)
            if self._same_value_noted or value() != before:
                self.changed(protected=protected, event=event)

        return audited

    def objects(self, instances: Instances, *, has_seal: bool) -> list[CosemObject]:
        """Counters and dates; those of sealed parameters only where there are such."""
        protected = self.protected_changes.objects(
            instances.protected_configuration_counter, instances.protected_configuration_date
        )
        plain = self.changes.objects(instances.configuration_counter, instances.configuration_date)
        return [*plain, *(protected if has_seal else ())]
