"""BI.01 step 3, the device's part: value, time and status that the answer is made of."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation
from reference_meter.deviations.reading import VALUE, Read, change_refusals, change_values
from reference_meter.meter import Meter
from reference_meter.model.date_time import CLOCK_INVALID
from reference_meter.model.objects import DataAccessResult

__all__ = ["FAMILIES"]

_REGISTER = 3
_STATUS = 4


def _change_clock(meter: Meter, attribute: int, change: Callable[[Pair], Pair]) -> None:
    """Give clients what ``change`` makes of one attribute of the clock."""
    clock = meter.configuration.instances.clock
    change_values(meter, lambda read, pair: change(pair) if read.is_of(clock, attribute) else pair)


@deviation("clock-time-frozen", "BI.01.step3", about="The clock gives the same time however much time passes.")
def clock_time_frozen(meter: Meter, rng: Random) -> None:
    """No parameter."""
    frozen = meter.model.metering.clock.time_octets()
    _change_clock(meter, VALUE, lambda pair: (pair[0], frozen))


@deviation(
    "clock-status-mismatch",
    "BI.01.step3",
    about="The status inside the time and the clock's status attribute disagree on whether the time is valid.",
)
def clock_status_mismatch(meter: Meter, rng: Random) -> None:
    """Draw whether the time hides an invalid clock or the attribute calls a valid one invalid."""

    def hide(pair: Pair) -> Pair:
        octets = pair[1]
        return pair[0], octets[:11] + bytes([octets[11] & ~CLOCK_INVALID])

    def accuse(pair: Pair) -> Pair:
        return pair[0], pair[1] | CLOCK_INVALID

    if rng.randrange(2):
        _change_clock(meter, VALUE, hide)
    else:
        _change_clock(meter, _STATUS, accuse)


@deviation(
    "clock-off-by-deviation",
    "BI.01.step3",
    about="The deviation in the time has the wrong sign, so that the instant that it names is hours off.",
)
def clock_off_by_deviation(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def turn(pair: Pair) -> Pair:
        octets = pair[1]
        deviation_min = -int.from_bytes(octets[9:11], "big", signed=True)
        return pair[0], octets[:9] + deviation_min.to_bytes(2, "big", signed=True) + octets[11:]

    _change_clock(meter, VALUE, turn)


@deviation(
    "unknown-register-answers-other-register",
    "BI.01.step3",
    about="Reading a register that the meter does not have gives the value of another register.",
)
def unknown_register_answers_other(meter: Meter, rng: Random) -> None:
    """Draw the other register."""
    codes, get = meter.configuration.instances, meter.model.get
    other = rng.choice((codes.energy_import_total, codes.energy_export_total, codes.power_import))

    def instead(read: Read) -> Pair:
        return get(read.client, _REGISTER, other, VALUE, None)

    change_refusals(meter, DataAccessResult.OBJECT_UNDEFINED, instead)


FAMILIES = (clock_time_frozen, clock_status_mismatch, clock_off_by_deviation, unknown_register_answers_other)
