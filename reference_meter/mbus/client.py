"""The meter as master of the meter behind it (class 72): what it has fetched from there, and what it tells it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from reference_meter.mbus.child_keys import ChildKeys
from reference_meter.mbus.contents import TOTAL
from reference_meter.mbus.settings import ClientSettings
from reference_meter.mbus.slave import Slave
from reference_meter.model.event_settings import EventRole
from reference_meter.model.metering import Metering
from reference_meter.model.schedule import next_boundary
from reference_meter.model.timed import Timed

__all__ = ["MBusClient"]


class MBusClient(Timed):
    """Fetches the registers of one slave at the end of each period, and whenever it is told to."""

    def __init__(
        self,
        slave: Slave,
        settings: ClientSettings,
        metering: Metering,
        record: Callable[[EventRole], None],
        *,
        sync_limit_s: float,
    ) -> None:
        self.slave = slave
        self.settings = settings
        self.metering = metering
        self.period_s = settings.capture_period_s
        self.alarm = 0
        """What the slave has raised since somebody reset it."""
        self.installed = True
        """Whether it takes the slave for one of its own."""
        self.keys = ChildKeys(slave, lambda: record("child_key_changed"))
        self._raised = 0
        self._record = record
        self._sync_limit_s = sync_limit_s
        self.capture()

    def capture(self) -> None:
        """Fetch the registers; the meter behind it counts this as an access."""
        self.status = self.slave.status()
        self.slave.access_number = (self.slave.access_number + 1) % 256
        self.access_number = self.slave.access_number
        if self.deciphers():
            self.registers: Mapping[int, int] = self.slave.contents.registers()
            self.captured_at: datetime = self.metering.now
        self.hear(self.slave.raised)

    def deciphers(self) -> bool:
        """Whether what the slave sends can be read; the first telegram that cannot is noted."""
        fitted, fits = self.keys.fitted, self.keys.fit()
        if fitted and not fits:
            self._record("child_undecipherable")
        return fits

    def install(self, primary: int) -> bool:
        """Look for a slave at an address and fetch its registers; whether there is one that was not known already."""
        if self.installed or primary != self.slave.primary:
            return False
        self.installed = True
        self._record("child_installed")
        self.capture()
        return True

    def remove(self) -> None:
        """Know the slave no more; what was fetched of it stays, with its time."""
        self.installed = False
        self.alarm = 0
        if not self.settings.key_kept:
            self.keys.forget()
        self._record("child_removed")

    def hear(self, raised: int) -> None:
        """Note an alarm that was not there before."""
        if raised & ~self._raised:
            self.alarm |= raised
            self._record("child_alarm")
        self._raised = raised

    def reset_alarm(self) -> None:
        """Forget the alarm; one that stands on comes back only when it is raised anew."""
        self.alarm = 0

    def synchronize_clock(self) -> None:
        """Set the clock of the meter behind to this meter's local time."""
        clock = self.metering.clock
        self.set_clock(clock.rules.local(clock.now))

    def set_clock(self, local: datetime) -> None:
        """Tell the meter behind a time."""
        contents = self.slave.contents
        step_s = abs((local - contents.local()).total_seconds())
        contents.set_clock(local)
        if step_s > self._sync_limit_s:
            self._record("child_clock_adjusted")

    @property
    def value(self) -> int:
        """What it had counted when it was last asked, in its own unit."""
        return self.registers[TOTAL]

    # Time

    def happen(self) -> None:
        """Fetch what is due."""
        if self.installed:
            self.capture()
        self.plan()

    def plan(self) -> None:
        """The next end of a period."""
        self.due = next_boundary(self.metering.now, self.period_s, self.metering.clock.rules)

    def skip_to(self, target: datetime) -> None:
        """Only the last captures will show."""
        last_ones = target - timedelta(seconds=self.period_s) * (self.settings.rows + 1)
        if self.due < last_ones:
            self.due = next_boundary(last_ones, self.period_s, self.metering.clock.rules)
