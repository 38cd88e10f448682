"""The limiter (class 71): watches a value, and acts when it stays above or below a threshold for some time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from reference_meter.model.clock import Clock
from reference_meter.model.data import Pair, double_long_unsigned, octet_string
from reference_meter.model.event_settings import EventRole
from reference_meter.model.script import ScriptTable
from reference_meter.model.supply.settings import LimiterSettings
from reference_meter.model.timed import NEVER, Timed
from reference_meter.server.model_port import AccessRefused

__all__ = ["NO_EMERGENCY", "Emergency", "Limiter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """The emergency profile: another threshold from an instant on, for so long."""

    identifier: int
    activation: Pair
    """Date-time as it was written."""
    starts: datetime
    """The same as an instant."""
    duration_s: int

    def is_on(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.starts <= now < self.ends

    @property
    def ends(self) -> datetime:
        """When it is over."""
        return self.starts + timedelta(seconds=self.duration_s)


NO_EMERGENCY = Emergency(
    identifier=0, activation=octet_string(b"\xff" * 12), starts=NEVER - timedelta(days=1), duration_s=0
)


class Limiter(Timed):
    """One limiter over one value; time does not tick here: each change of the value is told by ``plan``."""

    def __init__(
        self,
        settings: LimiterSettings,
        clock: Clock,
        monitored: Callable[[], int],
        tables: Mapping[bytes, ScriptTable],
        record: Callable[[EventRole], None],
    ) -> None:
        """``tables`` are the script tables that its actions may name; ``monitored`` reads the value."""
        self.normal = double_long_unsigned(settings.threshold)
        self.emergency_threshold = double_long_unsigned(settings.emergency_threshold)
        self.over_s, self.under_s = settings.over_s, settings.under_s
        self.emergency = NO_EMERGENCY
        self.groups = settings.groups
        self.over_action: tuple[bytes, int] = (bytes(6), 0)
        self.under_action: tuple[bytes, int] = (bytes(6), 0)
        self.exceeded = False
        """Whether the value has been above for as long as it takes."""
        self.value_changes_at: Callable[[], datetime] = lambda: NEVER
        """When the value is another one next, of one that changes by itself."""
        self.set_begins_anew = settings.set_begins_anew
        self.reclosings = settings.reclosings
        self.reclosed = 0
        """How often in a row it has connected the supply again."""
        self.local_action: Callable[[tuple[bytes, int]], bool] = lambda action: False
        """Does what an action of the limiter itself means; tells whether it knew it."""
        self._clock = clock
        self._monitored = monitored
        self._tables = tables
        self._record = record
        self.is_over = False
        """Whether the value is above just now."""
        self._since = clock.now

    @property
    def in_emergency(self) -> bool:
        """Whether the emergency profile is in force."""
        return self.emergency.identifier in self.groups and self.emergency.is_on(self._clock.now)

    @property
    def active(self) -> Pair:
        """The threshold in force: attribute 3."""
        return self.active_threshold()

    def active_threshold(self) -> Pair:
        """The threshold of an emergency while there is one, else the normal one."""
        return self.emergency_threshold if self.in_emergency else self.normal

    def exceeds(self, value: int, threshold: int) -> bool:
        """Whether a value is above a threshold; one that equals it is not."""
        return value > threshold

    def plan(self) -> None:
        """Look at the value as it is now, and find out when it will have lasted."""
        now = self._clock.now
        over = self.exceeds(self._monitored(), self.active[1])
        if over != self.is_over:
            self.is_over, self._since = over, now
        self.due = min(self.lasts_until(), self._emergency_changes_at(), self.value_changes_at())

    def threshold_set(self) -> None:
        """A client has set a threshold."""
        if self.set_begins_anew:
            self.begin_anew()
        self.plan()

    def begin_anew(self) -> None:
        """Let a value that is above the threshold have come there just now."""
        if self.exceeds(self._monitored(), self.active[1]):
            self.exceeded, self.is_over, self._since = False, True, self._clock.now

    def happen(self) -> None:
        """Act where the value has lasted; put the emergency threshold in force or out of it."""
        if self.lasts_until() <= self._clock.now:
            self.exceeded = self.is_over
            self.note("threshold_exceeded" if self.is_over else "threshold_ok")
            self.act(self.over_action if self.is_over else self.under_action)
        self.plan()

    def note(self, event: EventRole) -> None:
        """Note an event."""
        self._record(event)

    def act(self, action: tuple[bytes, int]) -> None:
        """Do what an action names; one that is refused nobody can be told of."""
        table = self._tables.get(action[0])
        if table is None or self.local_action(action):
            return
        try:
            table.execute(action[1])
        except AccessRefused:
            return

    def clock_set(self, before: datetime, after: datetime, *, noted: bool) -> None:
        """A running duration goes on."""
        self._since += after - before

    def power_returned(self, lost_at: datetime) -> None:
        """A running duration begins anew."""
        self._since = self._clock.now

    def lasts_until(self) -> datetime:
        """When the value will have been above, or below, for as long as it takes."""
        if self.is_over == self.exceeded:
            return NEVER
        return self._since + timedelta(seconds=self.over_s if self.is_over else self.under_s)

    def _emergency_changes_at(self) -> datetime:
        if self.emergency.identifier not in self.groups:
            return NEVER
        now = self._clock.now
        return min((at for at in (self.emergency.starts, self.emergency.ends) if at > now), default=NEVER)
