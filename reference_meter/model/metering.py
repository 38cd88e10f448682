"""Everything that runs with metering time: clock, energy, demand, profile, tariff; moved by ``advance`` alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from reference_meter.model.clock import Clock
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair
from reference_meter.model.demand import DemandMeter
from reference_meter.model.energy import EnergyMeter
from reference_meter.model.history import HISTORY_LOAD
from reference_meter.model.profile import LoadProfile
from reference_meter.model.schedule import active_rate, next_boundary, next_switch
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["Metering", "ProfileStatus"]

_MICROSECOND = timedelta(microseconds=1)


class ProfileStatus:
    """The bits of the profile status octet that this meter raises."""

    CLOCK_INVALID = 0x02
    DATA_NOT_VALID = 0x04
    DST = 0x08
    CLOCK_ADJUSTED = 0x20
    POWER_DOWN = 0x80


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
        self.clock_adjusted = False
        self.powered = True
        self.power_failed = False
        """Since the last periodic capture."""
        self.plan()

    @property
    def now(self) -> datetime:
        """Metering time as an instant in UTC."""
        return self.clock.now

    def advance(self, seconds: float) -> None:
        """Let metering time pass; every capture, period end and tariff switch on the way happens in order."""
        self.advance_to(self.now + timedelta(microseconds=round(seconds * 1_000_000)))

    def advance_to(self, target: datetime) -> None:
        """Let metering time pass up to an instant, with what is due at that instant itself."""
        if target < self.now:
            raise ValueError("metering time does not run backwards")
        if not self.powered:
            self.clock.now = target
            return
        while (due := min(self.due_demand, self.due_capture, self.due_switch)) <= target:
            self._pass_time(due)
            # A row captured at the end of a demand period shows that period as the last one.
            if due == self.due_demand:
                self.end_demand_period()
            if due == self.due_capture:
                self.periodic_capture()
            if due == self.due_switch:
                self.switch_tariff()
        self._pass_time(target)

    def live_through_history(self) -> None:
        """Run the days before ``configuration.start`` under their load, then put the present load in force."""
        while self.now < self.configuration.start:
            import_w, export_w = HISTORY_LOAD[self.now.hour]
            self.energy.set_load(import_w=import_w, export_w=export_w)
            self.advance(3600)
        self.energy.set_load(import_w=self.configuration.import_w, export_w=self.configuration.export_w)

    def end_demand_period(self) -> None:
        """Close the demand period of this instant and begin the next."""
        self.close_demand_period()
        self.due_demand = next_boundary(self.now, self.demand.period_s, self.clock.rules)

    def close_demand_period(self) -> None:
        """Make the running demand the last complete one."""
        self.demand.close_period(self.now, self.energy.total_nj("import"))

    def periodic_capture(self) -> None:
        """Store the profile row of the period that ends at this instant."""
        self.capture_row()
        self.clock_adjusted = self.power_failed = False
        self.plan_capture()

    def capture_row(self) -> None:
        """Store a profile row of this instant."""
        self.profile.capture(self.now)

    def switch_tariff(self) -> None:
        """Put the tariff of the schedule in force."""
        self.energy.active_rate = active_rate(self.now, self.configuration.schedule, self.clock.rules)
        self.due_switch = next_switch(self.now, self.configuration.schedule, self.clock.rules)

    def set_time(self, instant: datetime) -> None:
        """Set the clock: no energy runs over the step, the demand period starts anew, the next row is marked."""
        step_s = abs((instant - self.now).total_seconds())
        if self.clock.invalid or step_s > self.configuration.sync_limit_s:
            self.clock_adjusted = True
        self.clock.now = instant
        self.clock.invalid = False
        self.demand.restart(instant, self.energy.total_nj("import"))
        self.rules_changed()

    def cut_power(self) -> None:
        """From now on nothing is metered or captured; the clock goes on."""
        self.powered = False
        self.power_failed = True

    def restore_power(self) -> None:
        """Meter again; the demand period starts anew."""
        self.powered = True
        self.demand.restart(self.now, self.energy.total_nj("import"))
        self.rules_changed()

    def rules_changed(self) -> None:
        """Put in force what follows from local time."""
        self.switch_tariff()
        self.plan()

    def set_demand_period(self, period_s: int) -> None:
        """Average over another period, which starts now."""
        self.demand.period_s = period_s
        self.demand.restart(self.now, self.energy.total_nj("import"))
        self.plan()

    def plan(self) -> None:
        """Find out anew what is due next."""
        self.due_demand = next_boundary(self.now, self.demand.period_s, self.clock.rules)
        self.due_switch = next_switch(self.now, self.configuration.schedule, self.clock.rules)
        self.plan_capture()

    def plan_capture(self) -> None:
        """Find out anew when the next row is due; a period of 0 captures only on demand."""
        period_s = self.profile.period_s
        never = datetime.max.replace(tzinfo=self.now.tzinfo)
        self.due_capture = next_boundary(self.now, period_s, self.clock.rules) if period_s else never

    def profile_status(self) -> int:
        """The profile status octet of this instant."""
        status = ProfileStatus.DST if self.clock.rules.is_dst(self.now) else 0
        if self.clock.invalid:
            status |= ProfileStatus.CLOCK_INVALID | ProfileStatus.DATA_NOT_VALID
        if self.clock_adjusted:
            status |= ProfileStatus.CLOCK_ADJUSTED
        if self.power_failed:
            status |= ProfileStatus.POWER_DOWN
        return status

    def _pass_time(self, target: datetime) -> None:
        self.energy.integrate((target - self.clock.now) // _MICROSECOND)
        self.clock.now = target


def profile_columns(configuration: MeterConfiguration) -> tuple[ColumnDescriptor, ...]:
    """The capture objects of the load profile: clock, status, import and export total."""
    instances = configuration.instances
    return tuple(
        ColumnDescriptor(class_id=class_id, obis=obis, attribute=2, data_index=0)
        for class_id, obis in (
            (8, instances.clock),
            (1, instances.load_profile_status),
            (3, instances.energy_import_total),
            (3, instances.energy_export_total),
        )
    )
