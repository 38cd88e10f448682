"""Sets of data stored at regular times: profiles, the scripts that close them, the schedules that run the scripts."""

from collections.abc import Callable, Mapping
from datetime import datetime, time

from reference_meter.model.audit import Audit
from reference_meter.model.billing_settings import BillingSettings, Captured, Interval, SetSettings, StatusType
from reference_meter.model.capture import PeriodicCapture, status_data
from reference_meter.model.clock import Clock
from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.model.data import Pair, integer, octet_string, unsigned
from reference_meter.model.execution_time import ExecutionTime
from reference_meter.model.metering import Metering
from reference_meter.model.objects import MEASURING, CosemObject, DataAccessResult, Method, data_object, trigger
from reference_meter.model.once import OnceEach
from reference_meter.model.profile import LoadProfile, profile_object
from reference_meter.model.profile_parameters import profile_writes
from reference_meter.model.schedule import next_boundary
from reference_meter.model.script import EXECUTE, SCRIPTED, ScriptAction, ScriptTable
from reference_meter.model.single_action import SingleActionSchedule
from reference_meter.model.timed import NEVER
from reference_meter.server.model_port import AccessRefused, ColumnDescriptor

__all__ = ["BillingPeriod", "DataSets", "SetCapture"]

_DAY_S = 86_400
_SCRIPTS: Mapping[Interval, int] = {"month": 1, "week": 2, "year": 3}
_MIDNIGHT = time(0)
_TIMES: Mapping[Interval, ExecutionTime] = {
    "week": ExecutionTime(at=_MIDNIGHT, weekday=1),
    "month": ExecutionTime(at=_MIDNIGHT, day=1),
    "year": ExecutionTime(at=_MIDNIGHT, month=1, day=1),
}
_CAPTURE = 2
_ENTRIES, _COLUMNS = 8, 3
_COUNTS = 256


class SetCapture(PeriodicCapture):
    """Stores the sets of one profile; each period of its own has one set, a late one if need be."""

    def __init__(self, clock: Clock, profile: LoadProfile, *, catches_up: bool) -> None:
        self.once = OnceEach(self._next_after, lambda: self.capture_row(), catches_up=catches_up)
        super().__init__(clock, profile)

    def happen(self) -> None:
        """Store the set that is due."""
        self.once.happen(self.due)
        self.plan()

    def capture_row(self) -> None:
        """Store a set of this instant; what bore on it does not bear on the next one."""
        super().capture_row()
        self.clock_adjusted = self.power_failed = False

    def plan(self) -> None:
        """The next boundary that has no set yet."""
        self.due = self.once.due_after(self._clock.now)

    def clock_set(self, before: datetime, after: datetime, *, noted: bool) -> None:
        """The next set is marked; one whose time was leapt over is stored now."""
        super().clock_set(before, after, noted=noted)
        self.once.clock_set(before, after)

    def power_returned(self, lost_at: datetime) -> None:
        """Store the set whose time came without power."""
        super().power_returned(lost_at)
        self.once.missed(lost_at, self._clock.now)

    def _next_after(self, instant: datetime) -> datetime:
        period_s = self.profile.period_s
        return next_boundary(instant, period_s, self._clock.rules) if period_s else NEVER


class BillingPeriod:
    """How many billing periods were closed, and when the last one was."""

    def __init__(self, clock: Clock) -> None:
        self.number = 0
        self.closed_at: datetime | None = None
        self.stamp = clock.stamp(clock.now)
        """Of the last closing, or of the meter's making before the first."""
        self._clock = clock

    def close(self) -> None:
        """Close the period that runs."""
        self.number = (self.number + 1) % _COUNTS
        self.closed_at = self._clock.now
        self.stamp = self._clock.time_octets()

    def is_locked_out(self, lock_out_s: float) -> bool:
        """Whether the last closing is too recent for another one."""
        return self.closed_at is not None and abs((self._clock.now - self.closed_at).total_seconds()) < lock_out_s


class DataSets:
    """The profiles of stored sets with everything that captures them."""

    def __init__(
        self,
        configuration: MeterConfiguration,
        metering: Metering,
        audit: Audit,
        objects: Mapping[bytes, CosemObject],
        read_column: Callable[[ColumnDescriptor], Pair],
    ) -> None:
        """``objects`` are those that can be captured, and that scripts can act on."""
        self.settings: BillingSettings = configuration.billing
        self.period = BillingPeriod(metering.clock)
        self.captures: dict[Interval, SetCapture] = {}
        self.schedules: dict[Interval, SingleActionSchedule] = {}
        self._clock = metering.clock
        self._audit = audit
        self._objects = objects
        self.table = ScriptTable(
            self.settings.script,
            {_SCRIPTS[one]: (self._closing(one),) for one in self.settings.intervals if one in _SCRIPTS},
            objects,
            guard=self._refuse_double,
        )
        for interval in self.settings.intervals:
            of_interval = self.settings.of(interval)
            columns = _columns(configuration, of_interval)
            profile = LoadProfile(
                self._profile_settings(of_interval), columns, metering.clock.rules, read_column, lambda: metering.now
            )
            self.captures[interval] = SetCapture(metering.clock, profile, catches_up=self.settings.catches_up)
            if of_interval.schedule is not None:
                self.schedules[interval] = SingleActionSchedule(
                    metering.clock,
                    {self.settings.script: self.table},
                    script=(self.settings.script, _SCRIPTS[interval]),
                    times=(_TIMES[interval],),
                    catches_up=self.settings.catches_up,
                )
        # What bears on a set is noted before the set is stored.
        metering.drive(*self.captures.values(), *self.schedules.values())

    def close(self, interval: Interval) -> None:
        """Store a set; that of a month ends a billing period."""
        if interval == "month":
            self.period.close()
        self.captures[interval].capture_row()

    def all_objects(self) -> list[CosemObject]:
        """Everything that clients see of it."""
        found = [self.table.object(write=self._audit.writing)]
        for interval, capture in self.captures.items():
            of_interval = self.settings.of(interval)
            found += [self._profile(interval), _status(of_interval.status, capture, self.settings.status_type)]
            if of_interval.schedule is not None:
                found.append(self.schedules[interval].object(of_interval.schedule, self._audit))
        if "month" in self.captures:
            found.append(data_object(self.settings.counter, lambda: unsigned(self.period.number), MEASURING))
            found.append(data_object(self.settings.time, lambda: octet_string(self.period.stamp), MEASURING))
        return found

    def _profile(self, interval: Interval) -> CosemObject:
        capture = self.captures[interval]
        found = profile_object(
            capture.profile,
            self.settings.of(interval).profile,
            reset=capture.profile.reset,
            writes=profile_writes(
                capture.profile, capture, self._objects, self._audit, attributes=(_COLUMNS, _ENTRIES)
            ),
        )
        # Stored sets can be cleared by nobody, and captured by the meter's own scripts only.
        found.methods.clear()
        if interval in _SCRIPTS:
            found.methods[_CAPTURE] = Method(invoke=trigger(lambda: self.close(interval)), callers=SCRIPTED)
        return found

    def _closing(self, interval: Interval) -> ScriptAction:
        profile = self.settings.of(interval).profile
        return ScriptAction(service=EXECUTE, class_id=7, obis=profile, index=_CAPTURE, parameter=integer(0))

    def _refuse_double(self, identifier: int) -> None:
        if identifier == _SCRIPTS["month"] and self.period.is_locked_out(self.settings.lock_out_s):
            raise AccessRefused(DataAccessResult.OTHER_REASON)

    def _profile_settings(self, of_interval: SetSettings) -> ProfileSettings:
        return ProfileSettings(
            period_s=_DAY_S if of_interval.schedule is None else 0,
            entries=of_interval.entries,
            most_entries=self.settings.most_entries,
            clips_entries=self.settings.clips_entries,
            newest_first=self.settings.newest_first,
        )


def _status(obis: bytes, capture: SetCapture, kind: StatusType) -> CosemObject:
    return data_object(obis, lambda: status_data(capture.status(), kind), MEASURING)


def _columns(configuration: MeterConfiguration, of_interval: SetSettings) -> tuple[ColumnDescriptor, ...]:
    instances, rates = configuration.instances, configuration.rates
    codes: dict[Captured, list[tuple[int, bytes, int]]] = {
        "clock": [(8, instances.clock, 2)],
        "status": [(1, of_interval.status, 2)],
        "import": [(3, instances.energy_import_total, 2)],
        "export": [(3, instances.energy_export_total, 2)],
        "import rates": [(3, instances.energy_import_rate(rate), 2) for rate in rates],
        "export rates": [(3, instances.energy_export_rate(rate), 2) for rate in rates],
        "maximum": [(4, instances.max_demand_import, attribute) for attribute in (2, 5)],
    }
    return tuple(
        ColumnDescriptor(class_id=class_id, obis=obis, attribute=attribute, data_index=0)
        for captured in configuration.billing.columns
        for class_id, obis, attribute in codes[captured]
    )
