"""Single action schedules (class 22): a script that the meter executes by itself at times of its local calendar."""

from collections.abc import Callable, Mapping
from datetime import datetime

from reference_meter.model.audit import Audit
from reference_meter.model.clock import Clock
from reference_meter.model.data import Pair, array, enum, long_unsigned, octet_string, structure
from reference_meter.model.execution_time import ExecutionTime
from reference_meter.model.objects import MANAGING, MEASURING, Attribute, CosemObject
from reference_meter.model.once import OnceEach
from reference_meter.model.script import ScriptTable
from reference_meter.model.timed import NEVER, Timed
from reference_meter.model.written import ARRAY, ENUM, LONG_UNSIGNED, OCTET_STRING, fields, out_of_range, written_in
from reference_meter.model.written import written as written_as
from reference_meter.server.model_port import AccessRefused

__all__ = ["SingleActionSchedule"]

ONE_TIME, SAME_TIMES, SAME_TIMES_OPEN, OTHER_TIMES, OTHER_TIMES_OPEN = 1, 2, 3, 4, 5
_MOST_TIMES = 10


class SingleActionSchedule(Timed):
    """Executes one script of one table; each nominal instant once, even if the clock is set back over it by hours."""

    def __init__(
        self,
        clock: Clock,
        tables: Mapping[bytes, ScriptTable],
        *,
        script: tuple[bytes, int],
        times: tuple[ExecutionTime, ...],
        kind: int = ONE_TIME,
        catches_up: bool = True,
    ) -> None:
        """``tables`` are the script tables by OBIS code, ``script`` is a table's code and the identifier there.

        ``catches_up``: what came while the power was off, or was leapt over by the clock, is executed late, once.
        """
        self.script = script
        self.times = times
        self.kind = kind
        self._clock = clock
        self._tables = tables
        self.once = OnceEach(self.next_after, lambda: self.execute(), catches_up=catches_up)
        self.plan()

    def happen(self) -> None:
        """Execute the script; what a script is refused the schedule cannot tell anybody."""
        self.once.happen(self.due)
        self.plan()

    def plan(self) -> None:
        """The next nominal instant that was not served yet."""
        self.due = self.once.due_after(self._clock.now)

    def next_after(self, instant: datetime) -> datetime:
        """The first nominal instant after another one."""
        return min((entry.next_after(instant, self._clock.rules) for entry in self.times), default=NEVER)

    def clock_set(self, before: datetime, after: datetime, *, noted: bool) -> None:
        """What was leapt over comes now, what was served does not come again."""
        self.once.clock_set(before, after)

    def power_returned(self, lost_at: datetime) -> None:
        """What came while the power was off comes now."""
        self.once.missed(lost_at, self._clock.now)

    def execute(self) -> None:
        """Execute the script now."""
        obis, identifier = self.script
        table = self._tables.get(obis)
        if table is None:
            return
        try:
            table.execute(identifier)
        except AccessRefused:
            return

    def object(self, obis: bytes, audit: Audit, changed: Callable[[], None] = lambda: None) -> CosemObject:
        """The instance of class 22; ``changed`` is told after each effective write."""

        def write_script(data: Pair) -> None:
            table, identifier = fields(data, OCTET_STRING, LONG_UNSIGNED)
            if table not in self._tables or identifier not in self._tables[table].scripts:
                raise out_of_range()
            self.script = (table, identifier)
            changed()

        def write_kind(data: Pair) -> None:
            kind = written_in(data, ENUM, range(ONE_TIME, OTHER_TIMES_OPEN + 1))
            _check(kind, self.times)
            self.kind = kind
            changed()

        def write_times(data: Pair) -> None:
            times = tuple(map(ExecutionTime.from_data, written_as(data, ARRAY)))
            _check(self.kind, times)
            self.times = times
            self.once.done = None
            self.plan()
            changed()

        def attribute(read: Callable[[], Pair], write: Callable[[Pair], None]) -> Attribute:
            return Attribute(read=read, readers=MEASURING, write=audit.writing(read, write), writers=MANAGING)

        return CosemObject(
            class_id=22,
            version=0,
            obis=obis,
            attributes={
                2: attribute(
                    lambda: structure(octet_string(self.script[0]), long_unsigned(self.script[1])), write_script
                ),
                3: attribute(lambda: enum(self.kind), write_kind),
                4: attribute(lambda: array(entry.to_data() for entry in self.times), write_times),
            },
        )


def _check(kind: int, times: tuple[ExecutionTime, ...]) -> None:
    """AccessRefused where a type does not go with these times."""
    open_dates = any(entry.has_wildcards for entry in times)
    one_time_of_day = len({entry.at for entry in times}) <= 1
    fits = {
        ONE_TIME: len(times) <= 1,
        SAME_TIMES: one_time_of_day and not open_dates,
        SAME_TIMES_OPEN: one_time_of_day,
        OTHER_TIMES: not open_dates,
        OTHER_TIMES_OPEN: True,
    }
    if len(times) > _MOST_TIMES or not fits[kind]:
        raise out_of_range()
