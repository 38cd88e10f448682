"""M-Bus: slaves that answer what they should not, and send what is no frame."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.codec.mbus import Request
from reference_meter.deviations.family import deviation, wrap
from reference_meter.mbus.link import MBusLink
from reference_meter.meter import Meter
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES", "at_links"]

_ALL = 255
_STOP = 0x16


def at_links(meter: Meter, change: Callable[[MBusLink], None]) -> None:
    """Have ``change`` done to every link of a master that is opened."""

    def make_link(original: Callable[[str], ServerLink], door: str) -> ServerLink:
        link = original(door)
        if isinstance(link, MBusLink):
            change(link)
        return link

    wrap(meter, "make_link", make_link)


def _mended(meter: Meter, mend: Callable[[bytes], bytes]) -> None:
    """Take damaged octets for those that ``mend`` makes of them."""

    def change(link: MBusLink) -> None:
        def next_request(original: Callable[[], Request | None]) -> Request | None:
            found = original()
            mended = mend(link.buffer) if found is None and link.buffer else b""
            if mended and mended != link.buffer:
                link.buffer = mended
                found = original()
                if found is not None:
                    meter.fire()
            return found

        wrap(link, "next_request", next_request)

    at_links(meter, change)


def _with_checksum(octets: bytes) -> bytes:
    if len(octets) < 5 or octets[-1] != _STOP:
        return octets
    body = octets[1:-2] if octets[0] == 0x10 else octets[4:-2]
    return octets[:-2] + bytes((sum(body) % 256, _STOP))


@deviation("mbus-checksum-ignored", "TR-Conf.05a", "SU3.step1", about="Requests with a wrong checksum are answered.")
def checksum_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _mended(meter, _with_checksum)


@deviation("mbus-stop-ignored", "TR-Conf.05a", about="Requests with a wrong stop octet are answered.")
def stop_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _mended(meter, lambda octets: octets[:-1] + bytes((_STOP,)) if len(octets) >= 5 else octets)


@deviation("mbus-lengths-ignored", "TR-Conf.05a", about="Requests are answered whose two lengths differ.")
def lengths_ignored(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def mend(octets: bytes) -> bytes:
        length = len(octets) - 6
        return bytes((0x68, length, length, 0x68)) + octets[4:] if octets[:1] == b"\x68" and length >= 3 else octets

    _mended(meter, mend)


@deviation("mbus-deaf-after-damage", "TR-Conf.05a", about="After a damaged request the slave is deaf for some time.")
def deaf_after_damage(meter: Meter, rng: Random) -> None:
    """Draw for how many seconds."""
    deaf_s, until = rng.choice((8.0, 15.0)), [0.0]

    def change(link: MBusLink) -> None:
        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            if line_now < until[0]:
                meter.fire()
                return
            original(data, line_now)
            if link.buffer:
                until[0] = line_now + deaf_s

        wrap(link, "receive", receive)

    at_links(meter, change)


@deviation("mbus-answers-for-others", "TR-Conf.05a", about="Requests to an address that nobody has are answered.")
def answers_for_others(meter: Meter, rng: Random) -> None:
    """Draw nothing: all addresses above those of the slaves."""
    bus = meter.model.parts.mbus
    known = {slave.primary for slave in bus.slaves}

    def is_meant(original: Callable[[Request], bool], request: Request) -> bool:
        if request.address <= 250 and request.address not in known:
            meter.fire()
            return True
        return original(request)

    wrap(bus.electricity, "is_meant", is_meant)


@deviation("mbus-answers-a-broadcast", "TR-Conf.05a", about="A request to all slaves is answered.")
def answers_a_broadcast(meter: Meter, rng: Random) -> None:
    """No parameter."""
    slave = meter.model.parts.mbus.electricity

    def answer(original: Callable[[Request], bytes | None], request: Request) -> bytes | None:
        if request.address == _ALL:
            meter.fire()
            return slave.take(request)
        return original(request)

    wrap(slave, "answer", answer)


@deviation("mbus-selected-by-anything", "TR-Conf.05a", about="Any selection selects the slave.")
def selected_by_anything(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def fits(original: Callable[[bytes], bool], wanted: bytes) -> bool:
        if not original(wanted):
            meter.fire()
        return True

    wrap(meter.model.parts.mbus.electricity, "fits", fits)


@deviation("mbus-wildcards-unknown", "TR-Conf.05a", about="A selection that leaves anything open selects nobody.")
def wildcards_unknown(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def fits(original: Callable[[bytes], bool], wanted: bytes) -> bool:
        if "f" in wanted[:4].hex() or b"\xff" in wanted[4:]:
            meter.fire()
            return False
        return original(wanted)

    wrap(meter.model.parts.mbus.electricity, "fits", fits)


@deviation(
    "mbus-damaged-answers", "TR-Conf.05a", "SU3.step1", about="Telegrams have a wrong checksum, length or stop octet."
)
def damaged_answers(meter: Meter, rng: Random) -> None:
    """Draw which."""
    at = rng.choice((-2, -1, 2))

    def respond(original: Callable[[Request], bytes], request: Request) -> bytes:
        octets = bytearray(original(request))
        octets[at] ^= 0x01
        meter.fire()
        return bytes(octets)

    wrap(meter.model.parts.mbus.electricity, "respond", respond)


@deviation("mbus-same-bit-reads-anew", "TR-Conf.08b", about="The same frame count bit again gets another telegram.")
def same_bit_reads_anew(meter: Meter, rng: Random) -> None:
    """No parameter."""
    slave: Any = meter.model.parts.mbus.electricity

    def repeat(original: Callable[[], bytes]) -> bytes:
        meter.fire()
        answer: bytes = slave.respond(Request(control=0x5B, address=slave.primary))
        return answer

    wrap(slave, "repeat", repeat)


@deviation("mbus-other-bit-repeats", "TR-Conf.08b", about="With either frame count bit the last telegram comes again.")
def other_bit_repeats(meter: Meter, rng: Random) -> None:
    """No parameter."""
    slave = meter.model.parts.mbus.electricity

    def respond(original: Callable[[Request], bytes], request: Request) -> bytes:
        if slave.last_answer[:1] == b"\x68":
            meter.fire()
            return slave.last_answer
        return original(request)

    wrap(slave, "respond", respond)


@deviation(
    "mbus-reset-forgets-nothing", "TR-Conf.08b", about="After a reset of the link the last telegram comes again."
)
def reset_forgets_nothing(meter: Meter, rng: Random) -> None:
    """No parameter."""
    slave: Any = meter.model.parts.mbus.electricity

    def reset_link(original: Callable[[Request], None], request: Request) -> None:
        kept = slave.last_count_bit, slave.last_answer
        original(request)
        slave.last_count_bit, slave.last_answer = kept

    def repeat(original: Callable[[], bytes]) -> bytes:
        meter.fire()
        return original()

    wrap(slave, "reset_link", reset_link)
    wrap(slave, "repeat", repeat)


@deviation("mbus-stays-selected", "TR-Conf.05a", about="The selection of another slave leaves this one selected.")
def stays_selected(meter: Meter, rng: Random) -> None:
    """No parameter."""
    slave: Any = meter.model.parts.mbus.electricity

    def select(original: Callable[[bytes], bytes | None], wanted: bytes) -> bytes | None:
        before = slave.selected
        answer = original(wanted)
        if before and not slave.selected:
            slave.selected = True
            meter.fire()
        return answer

    wrap(slave, "select", select)


@deviation(
    "mbus-selected-by-number-alone", "TR-Conf.05a", about="Of a selection one part or all but the number is ignored."
)
def selected_by_number_alone(meter: Meter, rng: Random) -> None:
    """Draw what is ignored."""
    ignored = rng.choice((slice(4, 6), slice(6, 7), slice(7, 8), slice(4, 8)))
    slave = meter.model.parts.mbus.electricity

    def fits(original: Callable[[bytes], bool], wanted: bytes) -> bool:
        right = bytearray(wanted)
        right[ignored] = slave.secondary[ignored]
        found = original(bytes(right))
        if found and not original(wanted):
            meter.fire()
        return found

    wrap(slave, "fits", fits)


FAMILIES = (
    checksum_ignored,
    stop_ignored,
    lengths_ignored,
    deaf_after_damage,
    answers_for_others,
    answers_a_broadcast,
    selected_by_anything,
    wildcards_unknown,
    damaged_answers,
    same_bit_reads_anew,
    other_bit_repeats,
    reset_forgets_nothing,
    stays_selected,
    selected_by_number_alone,
)
