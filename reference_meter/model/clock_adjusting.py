"""Ways to move the clock other than writing its time: to a boundary, to a preset time, by some seconds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reference_meter.model.clock import Clock, instant_from_data
from reference_meter.model.clock_settings import ClockSettings
from reference_meter.model.data import Pair
from reference_meter.model.objects import trigger
from reference_meter.model.written import LONG, OCTET_STRING, fields, out_of_range, written

__all__ = ["ClockAdjusting"]

_QUARTER_S, _MINUTE_S = 900, 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Preset:
    """A time prepared for later, and from when to when it may be taken."""

    time: datetime
    valid_from: datetime
    valid_until: datetime


class ClockAdjusting:
    """The methods of the clock object; ``set_time`` moves the clock, ``period_s`` tells the measuring period."""

    def __init__(
        self,
        clock: Clock,
        settings: ClockSettings,
        set_time: Callable[[datetime], None],
        period_s: Callable[[], int],
    ) -> None:
        self.set_time = set_time
        self._clock = clock
        self._settings = settings
        self._period_s = period_s
        self._preset: _Preset | None = None

    def methods(self) -> dict[int, Callable[[Pair | None], None]]:
        """The methods that this clock has, by number."""
        every = {
            1: trigger(lambda: self.adjust_to_nearest(_QUARTER_S)),
            2: trigger(lambda: self.adjust_to_nearest(self._period_s())),
            3: trigger(lambda: self.adjust_to_nearest(_MINUTE_S)),
            4: trigger(lambda: self.adjust_to_preset_time()),
            5: lambda parameter: self.preset_adjusting_time(parameter),
            6: lambda parameter: self.shift_time(parameter),
        }
        return {number: invoke for number, invoke in every.items() if number in self._settings.methods}

    def adjust_to_nearest(self, period_s: int) -> None:
        """Move to the nearest multiple of a period; from the middle forward."""
        period = timedelta(seconds=period_s)
        since = (self._clock.now - _EPOCH) % period
        self.set_time(self._clock.now - since + (period if since * 2 >= period else timedelta()))

    def preset_adjusting_time(self, parameter: Pair | None) -> None:
        """Prepare a time, which a later call takes between two instants."""
        time, valid_from, valid_until = (
            instant_from_data((OCTET_STRING, octets), self._clock.rules)
            for octets in fields(parameter, OCTET_STRING, OCTET_STRING, OCTET_STRING)
        )
        if valid_until < valid_from:
            raise out_of_range()
        self._preset = _Preset(time=time, valid_from=valid_from, valid_until=valid_until)

    def adjust_to_preset_time(self) -> None:
        """Take the prepared time, once; AccessRefused where none is valid now."""
        preset = self._preset
        if preset is None or not preset.valid_from <= self._clock.now <= preset.valid_until:
            raise out_of_range()
        self._preset = None
        self.set_time(preset.time)

    def shift_time(self, parameter: Pair | None) -> None:
        """Move by some seconds."""
        seconds: int = written(parameter, LONG)
        if abs(seconds) > self._settings.shift_limit_s:
            raise out_of_range()
        self.set_time(self._clock.now + timedelta(seconds=seconds))
