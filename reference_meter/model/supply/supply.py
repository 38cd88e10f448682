"""The supply of one meter: its switch with script table and schedule, its limiter, its register monitor."""

from collections.abc import Callable, Mapping

from reference_meter.model.audit import Audit
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import integer
from reference_meter.model.event_settings import EventRole
from reference_meter.model.metering import Metering
from reference_meter.model.objects import CosemObject
from reference_meter.model.script import EXECUTE, ScriptAction, ScriptTable
from reference_meter.model.single_action import ONE_TIME, SingleActionSchedule
from reference_meter.model.supply.disconnector import Disconnector
from reference_meter.model.supply.limiter import Limiter
from reference_meter.model.supply.limiter_object import LAST_AVERAGE, PRESENT_POWER, LimiterObject
from reference_meter.model.supply.register_monitor import RegisterMonitor

__all__ = ["Supply"]

DISCONNECT, RECONNECT = 1, 2


class Supply:
    """Made with the objects, since scripts act on these."""

    def __init__(
        self,
        configuration: MeterConfiguration,
        metering: Metering,
        audit: Audit,
        record: Callable[[EventRole], None],
        objects: Mapping[bytes, CosemObject],
        tables: dict[bytes, ScriptTable],
    ) -> None:
        """``tables`` are the meter's script tables by OBIS code; that of the switch joins them."""
        settings, instances = configuration.supply, configuration.instances
        self._configuration, self._metering, self._audit = configuration, metering, audit
        self._tables = tables
        self.disconnector = Disconnector(settings.mode, record, self._moved, settings.modes)
        self.table = ScriptTable(instances.disconnect_script, _scripts(instances.disconnector), objects)
        if settings.has_switch:
            tables[self.table.obis] = self.table
        self.schedule = SingleActionSchedule(
            metering.clock, tables, script=(self.table.obis, DISCONNECT), times=(), kind=ONE_TIME
        )
        of_average = settings.limiter.of_average
        watched = self._last_average if of_average else self._power
        self.limiter = Limiter(settings.limiter, metering.clock, watched, tables, record)
        if of_average:
            self.limiter.value_changes_at = lambda: metering.demand_periods.due
        if settings.has_switch:
            self.limiter.over_action = (self.table.obis, DISCONNECT)
            if settings.limiter.reconnects:
                self.limiter.under_action = (self.table.obis, RECONNECT)
        self.limiter.local_action = self._locally
        self.monitor = RegisterMonitor(instances.power_import, self._power, tables, record)
        metering.drive(self.schedule, self.limiter, self.monitor)

    def press(self, button: str) -> None:
        """A person presses a button; ValueError for one that is not there."""
        if button not in ("connect", "disconnect") or not self._configuration.supply.has_switch:
            raise ValueError(f"no button {button!r}; there are: connect, disconnect")
        self.disconnector.request("manual_reconnect" if button == "connect" else "manual_disconnect")

    def _power(self) -> int:
        return self._metering.energy.power_value("import", self._configuration.power_scaler)

    def _last_average(self) -> int:
        return self._metering.demand.last.value(self._configuration.demand_scaler)

    def _moved(self, connected: bool) -> None:
        self._metering.energy.flowing = connected
        if connected:
            # Whoever else connects begins the count of what the limiter may do.
            self.limiter.reclosed = 0
        self.limiter.plan()
        self.monitor.plan()

    def _locally(self, action: tuple[bytes, int]) -> bool:
        if action[0] != self.table.obis:
            return False
        limiter = self.limiter
        if action[1] == DISCONNECT:
            self.disconnector.request("local_disconnect")
        elif limiter.reclosed < limiter.reclosings:
            so_far = limiter.reclosed
            if self.disconnector.request("local_reconnect"):
                limiter.reclosed = so_far + 1
        return True

    def objects(self) -> list[CosemObject]:
        """What clients find; the objects of switch and limiter only where there are such."""
        instances, audit = self._configuration.instances, self._audit
        settings = self._configuration.supply
        of_average = settings.limiter.of_average
        watched = instances.average_demand_import if of_average else instances.power_import
        limiter = LimiterObject(
            self.limiter,
            self._metering.clock,
            monitored=watched,
            monitorable=(watched,),
            kind=LAST_AVERAGE if of_average else PRESENT_POWER,
            tables=self._tables,
            audit=audit,
        )
        found = [self.monitor.object(instances.register_monitor, audit)]
        if settings.has_limiter:
            found.append(limiter.object(instances.limiter))
        if settings.has_switch:
            found += [
                self.disconnector.object(instances.disconnector, audit),
                self.table.object(),
                self.schedule.object(instances.disconnect_schedule, audit),
            ]
        return found


def _scripts(disconnector: bytes) -> dict[int, tuple[ScriptAction, ...]]:
    """Selector 1 disconnects and 2 reconnects, each by the method of that number."""
    return {
        selector: (ScriptAction(service=EXECUTE, class_id=70, obis=disconnector, index=selector, parameter=integer(0)),)
        for selector in (DISCONNECT, RECONNECT)
    }
