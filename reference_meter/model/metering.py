"""Everything that runs with metering time: clock, energy, demand, profile, tariff; moved by ``advance`` alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from reference_meter.model.capture import PeriodicCapture
from reference_meter.model.clock import Clock
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair
from reference_meter.model.demand import DemandMeter
from reference_meter.model.energy import EnergyMeter
from reference_meter.model.history import HISTORY_LOAD
from reference_meter.model.profile import LoadProfile
from reference_meter.model.schedule import active_rate, next_boundary
from reference_meter.model.tariff.activity_calendar import ActivityCalendar
from reference_meter.model.tariff.register_activation import RegisterActivation
from reference_meter.model.tariff.shift_times import Shift, daily_calendar
from reference_meter.model.timed import Timed, first_due
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["Metering"]

_MICROSECOND = timedelta(microseconds=1)
_PERIODS_THAT_COUNT = 2
"""Complete periods under one load have one average, whatever their number."""


class _DemandPeriods(Timed):
    """Ends demand periods; of a long stretch of time, under one load, only the first and the last ones."""

    def __init__(self, metering: "Metering") -> None:
        self._metering = metering
        self._target = metering.now
        self._ended = 0
        """Periods since time began to run up to the target."""
        self._skipped = False
        """Whether periods before the one that is due were left out."""

    def happen(self) -> None:
        if self._skipped:
            self._metering.restart_demand()
        else:
            self._metering.end_demand_period()
        self._ended += 1
        self.plan()
        last_ones = self._target - timedelta(seconds=self._metering.demand.period_s) * (_PERIODS_THAT_COUNT + 1)
        if self._ended == _PERIODS_THAT_COUNT and self.due < last_ones:
            self.due = self._boundary_after(last_ones)
            self._skipped = True

    def plan(self) -> None:
        self.due = self._boundary_after(self._metering.now)
        self._skipped = False

    def skip_to(self, target: datetime) -> None:
        self._target, self._ended = target, 0

    def clock_set(self, before: datetime, after: datetime, *, noted: bool) -> None:
        self._metering.restart_demand()

    def power_returned(self, lost_at: datetime) -> None:
        self._metering.restart_demand()

    def _boundary_after(self, instant: datetime) -> datetime:
        return next_boundary(instant, self._metering.demand.period_s, self._metering.clock.rules)


class Metering:
    """The state of one meter and how it changes with time."""

    def __init__(self, configuration: MeterConfiguration, read_column: Callable[[ColumnDescriptor], Pair]) -> None:
        self.configuration = configuration
        # Clients may change the rules of this meter's local time.
        rules = replace(configuration.local_time)
        begin = configuration.start - timedelta(days=configuration.history_days)
        self.clock = Clock(begin, rules)
        self.energy = EnergyMeter(
            rates=configuration.rates,
            initial_wh=configuration.initial_energy_wh,
            active_rate=active_rate(begin, configuration.schedule, rules),
        )
        self.demand = DemandMeter(
            period_s=configuration.demand_period_s, now=begin, energy_nj=self.energy.total_nj("import")
        )
        self.profile = LoadProfile(
            configuration.profile, profile_columns(configuration), rules, read_column, lambda: self.now
        )
        self.capture = PeriodicCapture(self.clock, self.profile)
        """Of the load profile."""
        self.register_activation = RegisterActivation(self.energy, configuration.rates, configuration.default_rate)
        self.calendar = ActivityCalendar(
            self.clock,
            self.register_activation,
            daily_calendar(
                Shift(at=switch.at, table=configuration.instances.tariff_script, selector=switch.rate)
                for switch in configuration.schedule
            ),
            settings=configuration.tariff,
        )
        self.demand_periods = _DemandPeriods(self)
        # A row captured at the end of a demand period shows that period as the last one.
        self.timed: list[Timed] = [self.demand_periods, self.capture, self.calendar]
        """What is due at one instant happens in this order."""
        self.powered = True
        self.true_time = begin
        """What a clock would show that nobody sets and that keeps perfect time."""
        self.drift_ppm = 0.0
        """By how much this meter's clock is fast."""
        self._lost_at = begin
        self.plan()

    @property
    def now(self) -> datetime:
        """Metering time as an instant in UTC."""
        return self.clock.now

    def drive(self, *parts: Timed) -> None:
        """Let metering time drive further parts, after those that it drives already."""
        self.timed += parts
        for part in parts:
            part.plan()

    def advance(self, seconds: float) -> None:
        """Let metering time pass; everything due on the way happens in order."""
        self.true_time += timedelta(microseconds=round(seconds * 1_000_000))
        self.advance_to(self.now + timedelta(microseconds=round(seconds * (1_000_000 + self.drift_ppm))))

    def advance_to(self, target: datetime) -> None:
        """Let metering time pass up to an instant, with what is due at that instant itself."""
        if target < self.now:
            raise ValueError("metering time does not run backwards")
        if not self.powered:
            self.clock.now = target
            return
        for part in self.timed:
            part.skip_to(target)
        while (due := first_due(self.timed)) <= target:
            self._pass_time(due)
            for part in [part for part in self.timed if part.due == due]:
                part.happen()
        self._pass_time(target)

    def live_through_history(self) -> None:
        """Run the days before ``configuration.start`` under their load, then put the present load in force."""
        while self.now < self.configuration.start:
            import_w, export_w = HISTORY_LOAD[self.now.hour]
            self.energy.set_load(import_w=import_w, export_w=export_w)
            self.advance(3600)
        self.energy.set_load(import_w=self.configuration.import_w, export_w=self.configuration.export_w)

    def end_demand_period(self) -> None:
        """Make the running demand the last complete one and begin the next period."""
        self.demand.close_period(self.now, self.energy.total_nj("import"))

    def restart_demand(self) -> None:
        """Begin a demand period without ending one."""
        self.demand.restart(self.now, self.energy.total_nj("import"))

    def set_time(self, instant: datetime) -> None:
        """Set the clock: no energy runs over the step, and all parts hear of it."""
        before = self.now
        noted = self.clock.invalid or abs((instant - before).total_seconds()) > self.configuration.sync_limit_s
        self.clock.now = instant
        self.clock.invalid = False
        for part in self.timed:
            part.clock_set(before, instant, noted=noted)
        self.plan()

    def cut_power(self) -> None:
        """From now on nothing is metered, and nothing happens; the clock goes on."""
        self.powered = False
        self._lost_at = self.now
        for part in self.timed:
            part.power_lost()

    def restore_power(self) -> None:
        """Meter again."""
        self.powered = True
        for part in self.timed:
            part.power_returned(self._lost_at)
        self.plan()

    def set_demand_period(self, period_s: int) -> None:
        """Average over another period, which starts now."""
        self.demand.period_s = period_s
        self.restart_demand()
        self.plan()

    def plan(self) -> None:
        """Find out anew what is due next."""
        for part in self.timed:
            part.plan()

    def _pass_time(self, target: datetime) -> None:
        self.energy.integrate((target - self.clock.now) // _MICROSECOND)
        self.clock.now = target


def profile_columns(configuration: MeterConfiguration) -> tuple[ColumnDescriptor, ...]:
    """The capture objects of the load profile: clock, status, import and export total, and what it has besides."""
    instances = configuration.instances
    return tuple(
        ColumnDescriptor(class_id=class_id, obis=obis, attribute=2, data_index=0)
        for class_id, obis in (
            (8, instances.clock),
            (1, instances.load_profile_status),
            (3, instances.energy_import_total),
            (3, instances.energy_export_total),
            *configuration.profile.further_columns,
        )
    )
