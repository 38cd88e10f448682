"""SU3 step 2: the answer comes within the declared response time."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.request import GET_REQUEST
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.server.association import SessionKey
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES"]


@deviation(
    "answers-slowly",
    "SU3.step2",
    about="The answer with one of the registers comes later than the declared response time.",
)
def answers_slowly(meter: Meter, rng: Random) -> None:
    """Draw the register and the delay, which ends before the answer counts as missing."""
    codes = meter.configuration.instances
    register = rng.choice((codes.energy_import_total, codes.energy_export_total, codes.power_import))
    delay_s = rng.uniform(1.2, 1.8)
    slow_links: set[int] = set()

    def exchange(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        answers = original(key, apdu)
        if answers and apdu[:1] == bytes([GET_REQUEST]) and register in apdu:
            slow_links.add(key.link_id)
        return answers

    def make_link(original: Callable[[str], ServerLink], door: str) -> ServerLink:
        link = original(door)
        delayed: list[float] = []

        def send(original: Callable[[bytes, float], None], data: bytes, due: float) -> None:
            # All frames of the delayed answer are due together and stay in their order.
            if link.link_id in slow_links:
                slow_links.discard(link.link_id)
                delayed[:] = [due]
                meter.fire()
            original(data, due + delay_s if due in delayed else due)

        wrap(link, "send", send)
        return link

    wrap(meter.server, "exchange", exchange)
    wrap(meter, "make_link", make_link)


FAMILIES = (answers_slowly,)
