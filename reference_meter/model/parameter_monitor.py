"""The parameter monitor (class 65) and its log: which parameter was changed last, when, and to what."""

from reference_meter.model.audit import Audit
from reference_meter.model.clock import Clock
from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.model.data import NULL, Pair, array, octet_string, structure
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject, Method
from reference_meter.model.parameter import Change, Parameter
from reference_meter.model.profile import LoadProfile, profile_object
from reference_meter.model.written import ARRAY, out_of_range, written
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["ParameterMonitor"]

_CLASS, _CHANGED_PARAMETER = 65, 2
_MOST_PARAMETERS = 32
_NOTHING = structure(*Parameter(class_id=0, obis=bytes(6), attribute=0).cells(), NULL)


class ParameterMonitor:
    """Watches the parameters of its list; each change of one of them is a row of its log."""

    def __init__(self, configuration: MeterConfiguration, clock: Clock, audit: Audit) -> None:
        self._obis = configuration.instances.parameter_monitor
        self._log_obis = configuration.instances.parameter_monitor_log
        self._clock = clock
        self._audit = audit
        self.parameters = watched_parameters(configuration)
        self.changed = _NOTHING
        self.changed_at = clock.time_octets()
        self.log = LoadProfile(
            ProfileSettings(
                period_s=0, entries=configuration.events.entries, newest_first=configuration.events.newest_first
            ),
            (
                ColumnDescriptor(class_id=8, obis=configuration.instances.clock, attribute=2, data_index=0),
                ColumnDescriptor(class_id=_CLASS, obis=self._obis, attribute=_CHANGED_PARAMETER, data_index=0),
            ),
            clock.rules,
            self._read_column,
            lambda: clock.now,
        )
        audit.tell = self.note

    def note(self, change: Change) -> None:
        """Note a change, if its parameter is watched."""
        if change.parameter in self.parameters:
            self.changed = structure(*change.parameter.cells(), change.value)
            self.changed_at = self._clock.time_octets()
            self.log.capture(self._clock.now)

    def _read_column(self, column: ColumnDescriptor) -> Pair:
        return self.changed if column.class_id == _CLASS else octet_string(self._clock.time_octets())

    def _write_parameters(self, data: Pair) -> None:
        wanted = tuple(Parameter.from_data(element) for element in written(data, ARRAY))
        if len(wanted) > _MOST_PARAMETERS or len(set(wanted)) != len(wanted):
            raise out_of_range()
        self.parameters = wanted

    def _add(self, data: Pair | None) -> None:
        added = Parameter.from_data(data)
        if added in self.parameters or len(self.parameters) == _MOST_PARAMETERS:
            raise out_of_range()
        self.parameters = (*self.parameters, added)
        self._audit.changed()

    def _remove(self, data: Pair | None) -> None:
        removed = Parameter.from_data(data)
        if removed not in self.parameters:
            raise out_of_range()
        self.parameters = tuple(one for one in self.parameters if one != removed)
        self._audit.changed()

    def objects(self) -> list[CosemObject]:
        """The monitor and its log, which nobody clears."""
        monitor = CosemObject(
            class_id=_CLASS,
            version=0,
            obis=self._obis,
            attributes={
                2: Attribute(read=lambda: self.changed, readers=MEASURING),
                3: Attribute(read=lambda: octet_string(self.changed_at), readers=MEASURING),
                4: Attribute(
                    read=lambda: array(one.data() for one in self.parameters),
                    readers=MEASURING,
                    write=self._audit.writing(lambda: self.parameters, self._write_parameters),
                    writers=MANAGING,
                ),
            },
            methods={1: Method(invoke=self._add), 2: Method(invoke=self._remove)},
        )
        log = profile_object(self.log, self._log_obis, reset=self.log.reset)
        del log.methods[1]
        return [monitor, log]


def watched_parameters(configuration: MeterConfiguration) -> tuple[Parameter, ...]:
    """What a meter watches when it leaves the factory: its load profile and its clock, and what it has besides."""
    instances = configuration.instances
    of_profile = (Parameter(class_id=7, obis=instances.load_profile, attribute=number) for number in (3, 4, 8))
    of_clock = (Parameter(class_id=8, obis=instances.clock, attribute=number) for number in (3, 5, 6, 7, 8))
    others = configuration.further_watched
    further = (Parameter(class_id=class_id, obis=obis, attribute=number) for class_id, obis, number in others)
    return (*further, *of_profile, *of_clock)
