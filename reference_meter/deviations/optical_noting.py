"""What goes wrong at the local port with the notes of changes, and after messages that nobody should send."""

from collections.abc import Callable
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.optical import when_port_opens
from reference_meter.meter import Meter
from reference_meter.optical.link import OpticalLink
from reference_meter.optical.registers import PortRefusal

__all__ = ["FAMILIES"]

_LONG_OCTETS = 150


def _around_writes(meter: Meter, around: Callable[..., None]) -> None:
    when_port_opens(meter, lambda link: wrap(link, "write", around))


@deviation(
    "local-port-refusal-noted",
    "TR-Conf.11a",
    "TR-Conf.02a",
    about="A refused write at the local port is noted as a change.",
)
def refusal_noted(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def write(original: Callable[[str, str], None], address: str, text: str) -> None:
        try:
            original(address, text)
        except PortRefusal:
            meter.model.parts.audit.changed()
            meter.fire()
            raise

    _around_writes(meter, write)


@deviation(
    "local-port-change-noted-otherwise",
    "TR-Conf.11a",
    about="A change at the local port is noted twice, or not counted.",
)
def change_noted_otherwise(meter: Meter, rng: Random) -> None:
    """Draw which."""
    twice, audit = rng.random() < 0.5, meter.model.parts.audit

    def write(original: Callable[[str, str], None], address: str, text: str) -> None:
        before = audit.changes.number
        original(address, text)
        if audit.changes.number != before:
            meter.fire()
            if twice:
                audit.changed()
            else:
                audit.changes.number = before

    _around_writes(meter, write)


@deviation(
    "local-port-dies-of-length", "TR-Conf.05a", about="After a message that is too long the port is silent for long."
)
def dies_of_length(meter: Meter, rng: Random) -> None:
    """Draw for how many seconds."""
    silent_s, until = rng.choice((60.0, 120.0)), 0.0

    def change(link: OpticalLink) -> None:
        heard = 0

        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            nonlocal heard, until
            heard = heard + len(data) if link.scanner.unfinished else len(data)
            if heard > _LONG_OCTETS:
                until = line_now + silent_s
            if line_now < until:
                meter.fire()
                return
            original(data, line_now)

        wrap(link, "receive", receive)

    when_port_opens(meter, change)


FAMILIES = (refusal_noted, change_noted_otherwise, dies_of_length)
