"""The bench that comes to a distant instant by setting the device's own clock to shortly before it.

The clock is right again when the scenario is over; what a scenario finds this way is marked *accelerated*. Up to the
declared longest wait time is real, and scenarios that judge the clock never come here.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from harness.bench.base import BenchContext
from harness.bench.realtime import RealtimeBench
from harness.errors import Inconclusive, Refused
from harness.headend.calendar import device_zone
from harness.headend.client import Client
from harness.headend.clock_setting import in_zone, write_time
from harness.headend.registers import read_clock

if TYPE_CHECKING:
    from harness.run.trial import Trial

__all__ = ["ClockSettingBench", "make"]

_ACCELERATED = "accelerated"


class ClockSettingBench(RealtimeBench):
    """Real time, with steps of the device's clock."""

    lead_s = 20.0

    def step_before(self, trial: "Trial", reader: Client, instant: datetime) -> None:
        """Set the clock so that ``instant`` is ``lead_s`` away; ``Inconclusive`` where the device does not let us."""
        clock = trial.object("clock")
        management = trial.head_end.association("management")
        if _ACCELERATED not in trial.kinds_of_time:
            trial.changes.clock(management.id, clock)
            trial.kinds_of_time.add(_ACCELERATED)
        target = instant - timedelta(seconds=self.lead_s)
        client = reader if reader.declared.id == management.id else trial.head_end.associate("management")
        try:
            write_time(client, clock, in_zone(target, device_zone(client, clock)))
            shown = read_clock(client, clock).utc()
        except Refused as refused:
            raise Inconclusive(
                f"the clock cannot be set to {target.isoformat()}: {refused}", missing="device"
            ) from refused
        finally:
            if client is not reader:
                client.close()
        late_s = None if shown is None else (shown - target).total_seconds()
        if late_s is None or not -self._tolerance_s(trial) <= late_s < self.lead_s:
            raise Inconclusive(
                f"the clock was set to {target.isoformat()} and shows {shown}, so {instant.isoformat()} is not ahead",
                missing="device",
            )

    @staticmethod
    def _tolerance_s(trial: "Trial") -> float:
        return 1.0 + trial.declaration.clock.tolerance_s


def make(context: BenchContext) -> ClockSettingBench:
    """Make the bench."""
    bench = ClockSettingBench(context.constant_load, context.recall, uncertainty_s=context.clock_uncertainty_s)
    bench.lead_s = context.lead_s
    return bench
