"""Event logs: a ring of time and code each (class 7), and the object with the code of the last event (class 1)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reference_meter.model.clock import Clock
from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.model.data import (
    Pair,
    double_long_unsigned,
    integer,
    long_unsigned,
    octet_string,
    structure,
    unsigned,
)
from reference_meter.model.event_settings import Event, EventRole, LogName
from reference_meter.model.objects import MEASURING, CosemObject, data_object
from reference_meter.model.profile import LoadProfile, profile_object
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["EventLog", "EventLogs"]

_NO_EVENT = 0
_NUMBERS = 2**32
_CLASS_DATA, _CLASS_CLOCK, _CLASS_ASSOCIATION, _CLASS_LIMITER = 1, 8, 15, 71
_VALUE, _PARTNERS, _ACTIVE_THRESHOLD = 2, 3, 3


class EventLog:
    """One log; the last entries stay, in the order of their occurrence."""

    def __init__(
        self,
        log: LogName,
        configuration: MeterConfiguration,
        clock: Clock,
        active_threshold: Callable[[], Pair],
        partners: Callable[[], Pair],
    ) -> None:
        """``active_threshold`` reads the one of the limiter, which stands beside the events of the switch.

        ``partners`` tells the SAPs of client and server between which a request is being carried out.
        """
        settings, instances = configuration.events, configuration.instances
        self.obis = instances.event_log(log)
        self.code_obis = instances.event_code(log)
        self.code = _NO_EVENT
        """Of the last event."""
        self.number = 0
        """Of the last entry."""
        self.number_obis = instances.event_number
        self.active_threshold = active_threshold
        self.partners = partners
        self._cleared_code = settings.log_cleared
        self._clock = clock
        self.profile = LoadProfile(
            ProfileSettings(period_s=0, entries=settings.entries, newest_first=settings.newest_first),
            log_columns(configuration, log)[:: -1 if settings.code_first else 1],
            clock.rules,
            self._read_column,
            lambda: clock.now,
        )

    def record(self, code: int) -> None:
        """Note an event of this instant."""
        self.code = code
        self.number = (self.number + 1) % _NUMBERS
        self.profile.capture(self._clock.now)

    def clear(self) -> None:
        """Forget all entries; that they were cleared is the first of the new ones."""
        self.profile.reset()
        self.record(self._cleared_code)

    def _read_column(self, column: ColumnDescriptor) -> Pair:
        if column.class_id == _CLASS_CLOCK:
            return octet_string(self._clock.time_octets())
        if column.class_id == _CLASS_LIMITER:
            return self.active_threshold()
        if column.class_id == _CLASS_ASSOCIATION:
            return self.partners()
        if column.obis == self.number_obis:
            return double_long_unsigned(self.number)
        return unsigned(self.code)

    def objects(self) -> list[CosemObject]:
        """The log and its event code."""
        log = profile_object(self.profile, self.obis, reset=self.clear)
        return [log, data_object(self.code_obis, lambda: unsigned(self.code), MEASURING)]


def log_columns(configuration: MeterConfiguration, log: LogName) -> tuple[ColumnDescriptor, ...]:
    """The capture objects of a log: clock, event code, what belongs to its events, and a number if it has one."""
    instances = configuration.instances
    columns = [(_CLASS_CLOCK, instances.clock, _VALUE), (_CLASS_DATA, instances.event_code(log), _VALUE)]
    if log == "disconnector" and configuration.supply.has_limiter:
        columns.append((_CLASS_LIMITER, instances.limiter, _ACTIVE_THRESHOLD))
    if configuration.events.numbered:
        columns.append((_CLASS_DATA, instances.event_number, _VALUE))
    if configuration.events.tells_client:
        columns.append((_CLASS_ASSOCIATION, instances.association, _PARTNERS))
    return tuple(
        ColumnDescriptor(class_id=class_id, obis=obis, attribute=attribute, data_index=0)
        for class_id, obis, attribute in columns
    )


class EventLogs:
    """All logs of one meter; events find the right one by their role."""

    def __init__(self, configuration: MeterConfiguration, clock: Clock) -> None:
        self._events = configuration.events.events
        self._along = configuration.events.along
        self._server = configuration.link.server_saps[0]
        self._client = 0
        self.active_threshold: Callable[[], Pair] = lambda: double_long_unsigned(0)
        """Reads the threshold of the limiter, once there is one."""
        self.heard: Callable[[EventRole], None] = lambda role: None
        """Is told of each event, whether it is noted or not, when all that comes with it is so."""
        self.logs = {
            log: EventLog(log, configuration, clock, lambda: self.active_threshold(), lambda: self.partners())
            for log in configuration.events.logs
        }

    def partners(self) -> Pair:
        """The SAPs of the client whose request is being carried out, and of the meter; zeros for no client."""
        server = self._server if self._client else 0
        return structure(integer(self._client), long_unsigned(server))

    @contextmanager
    def caused_by(self, client: int) -> Iterator[None]:
        """Say which client's request is being carried out."""
        self._client = client
        try:
            yield
        finally:
            self._client = 0

    def event(self, role: EventRole) -> Event | None:
        """Code and log of an event, None for one that this meter does not note."""
        return self._events.get(role)

    def record(self, role: EventRole) -> None:
        """Note an event of this instant, if this meter notes it."""
        event = self.event(role)
        if event is not None:
            self.logs[event.log].record(event.code)
            if role in self._along:
                self.logs[event.log].record(self._along[role])
        self.heard(role)

    def objects(self) -> list[CosemObject]:
        """The objects of all logs."""
        return [item for log in self.logs.values() for item in log.objects()]
