"""The records about devices: rings of time, code and name (class 7), which outlive a power cut."""

from reference_meter.gateway.settings import ChildSettings, DeviceLogName, GatewaySettings, Recorded
from reference_meter.model.clock import Clock
from reference_meter.model.configuration import ProfileSettings
from reference_meter.model.data import Pair, octet_string, unsigned
from reference_meter.model.objects import MEASURING, CosemObject, data_object
from reference_meter.model.profile import LoadProfile, profile_object
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["DeviceLog", "DeviceLogs"]

_CLASS_DATA, _CLASS_CLOCK, _VALUE = 1, 8, 2


class DeviceLog:
    """One log; the last entries stay, in the order of their occurrence."""

    def __init__(self, log: DeviceLogName, settings: GatewaySettings, clock: Clock, clock_obis: bytes) -> None:
        self.obis = settings.log_obis(log)
        self.code_obis = settings.code_obis(log)
        self.name_obis = settings.device_name
        self._numbers = {one.name: number for number, one in enumerate(settings.children, start=1)}
        self._numbered = settings.numbered
        self.code = 0
        self.name = ""
        """Both of the last entry."""
        self.clock = clock
        columns = [(_CLASS_CLOCK, clock_obis), (_CLASS_DATA, self.code_obis)]
        if not settings.code_step:
            columns.insert(0 if settings.name_first else 2, (_CLASS_DATA, self.name_obis))
        self.profile = LoadProfile(
            ProfileSettings(period_s=0, entries=settings.entries, newest_first=settings.newest_first),
            tuple(
                ColumnDescriptor(class_id=class_id, obis=obis, attribute=_VALUE, data_index=0)
                for class_id, obis in columns
            ),
            clock.rules,
            self.read_column,
            lambda: clock.now,
        )

    def record(self, code: int, name: str) -> None:
        """Note something of this instant."""
        self.code, self.name = code, name
        self.profile.capture(self.clock.now)

    def read_column(self, column: ColumnDescriptor) -> Pair:
        """The cell of an entry that is being made."""
        if column.class_id == _CLASS_CLOCK:
            return octet_string(self.clock.time_octets())
        if column.obis != self.name_obis:
            return unsigned(self.code)
        return unsigned(self._numbers.get(self.name, 0)) if self._numbered else octet_string(self.name.encode())

    def objects(self) -> list[CosemObject]:
        """The log and the code of its last entry; nobody can clear it."""
        log = profile_object(self.profile, self.obis, reset=self.profile.reset)
        log.methods.clear()
        return [log, data_object(self.code_obis, lambda: unsigned(self.code), MEASURING)]


class DeviceLogs:
    """Both logs; what happens finds the right one by its kind."""

    def __init__(self, settings: GatewaySettings, clock: Clock, clock_obis: bytes) -> None:
        self._settings = settings
        self.logs: dict[DeviceLogName, DeviceLog] = {
            "interaction": DeviceLog("interaction", settings, clock, clock_obis),
            "condition": DeviceLog("condition", settings, clock, clock_obis),
        }

    def record(self, what: Recorded, child: ChildSettings) -> None:
        """Note something about a device, if this gateway notes it."""
        if what in self._settings.recorded:
            code, log = self._settings.recorded[what]
            place = self._settings.children.index(child)
            self.logs[log].record(code + place * self._settings.code_step, child.name)

    def objects(self) -> list[CosemObject]:
        """The objects of both logs."""
        return [item for log in self.logs.values() for item in log.objects()]
