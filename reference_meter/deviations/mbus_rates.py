"""M-Bus: slaves that follow no change of the rate, or do not come back, or take octets of any parity."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.mbus import Request
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.mbus_link import at_links
from reference_meter.mbus.link import MBusLink
from reference_meter.meter import Meter

__all__ = ["FAMILIES"]


@deviation("mbus-rate-not-followed", "TR-Conf.05a", about="A change of the rate is acknowledged and not made.")
def rate_not_followed(meter: Meter, rng: Random) -> None:
    """Draw which rate."""
    deaf_to = rng.choice(meter.configuration.mbus.bauds)
    slave = meter.model.parts.mbus.electricity

    def change_baud(original: Callable[[int], None], baud: int) -> None:
        if baud == deaf_to:
            slave.next_baud = None
            meter.fire()
            return
        original(baud)

    wrap(slave, "change_baud", change_baud)


@deviation("mbus-no-way-back", "TR-Conf.05a", about="At another rate the change back is acknowledged and not made.")
def no_way_back(meter: Meter, rng: Random) -> None:
    """No parameter: only silence brings the slave back."""
    slave, first = meter.model.parts.mbus.electricity, meter.configuration.mbus.baud

    def change_baud(original: Callable[[int], None], baud: int) -> None:
        if baud == first and slave.baud != first:
            slave.next_baud = None
            meter.fire()
            return
        original(baud)

    wrap(slave, "change_baud", change_baud)


@deviation("mbus-stays-at-its-rate", "TR-Conf.05a", about="A slave left alone at another rate stays there.")
def stays_at_its_rate(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def fall_back(original: Callable[[], None]) -> None:
        meter.fire()

    wrap(meter.model.parts.mbus.electricity, "fall_back", fall_back)


@deviation("mbus-rate-moves-registers", "TR-Conf.01a", about="Each change of the rate moves the registers.")
def rate_moves_registers(meter: Meter, rng: Random) -> None:
    """Draw by which part of them."""
    part = rng.choice((2, 10))
    slave, energy = meter.model.parts.mbus.electricity, meter.model.metering.energy

    def change_baud(original: Callable[[int], None], baud: int) -> None:
        if baud != slave.baud:
            for direction, rate in energy.energy_nj:
                if direction == "import":
                    energy.energy_nj[direction, rate] -= energy.energy_nj[direction, rate] // part
            meter.fire()
        original(baud)

    wrap(slave, "change_baud", change_baud)


@deviation("mbus-parity-ignored", "TR-Conf.05a", about="Octets of wrong parity are taken.")
def parity_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: MBusLink) -> None:
        def is_understood(original: Callable[[], bool]) -> bool:
            understood = original()
            if not understood and link.peer is not None and link.baud == link.bus.settings.baud:
                meter.fire()
                return True
            return understood

        wrap(link, "is_understood", is_understood)

    at_links(meter, change)


@deviation("mbus-deaf-after-garbage", "TR-Conf.05a", about="After octets of another rate a slave is deaf for a while.")
def deaf_after_garbage(meter: Meter, rng: Random) -> None:
    """Draw for how many seconds."""
    deaf_s = rng.choice((30.0, 60.0))

    def change(link: MBusLink) -> None:
        until = 0.0

        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            nonlocal until
            if line_now < until:
                meter.fire()
                return
            if not link.is_understood():
                until = line_now + deaf_s
            original(data, line_now)

        wrap(link, "receive", receive)

    at_links(meter, change)


@deviation("mbus-alarms-unanswered", "TR-Conf.05a", about="A request for alarms gets no answer, or one that is none.")
def alarms_unanswered(meter: Meter, rng: Random) -> None:
    """Draw which."""
    answer = rng.choice((b"", b"\xa2", b"\x10\x08\x01\x09\x16"))

    def alarm(original: Callable[[Request], bytes], request: Request) -> bytes:
        meter.fire()
        return answer

    wrap(meter.model.parts.mbus.electricity, "alarm", alarm)


FAMILIES = (
    rate_not_followed,
    no_way_back,
    stays_at_its_rate,
    rate_moves_registers,
    parity_ignored,
    deaf_after_garbage,
    alarms_unanswered,
)
