"""TR-Conf.05a: meters that take damaged frames, and frames that are not for them, for good ones."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.hdlc import check_sequence
from reference_meter.codec.wrapper import VERSION
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.outage import Outage, on_octets
from reference_meter.meter import Meter
from reference_meter.server.hdlc_link import HdlcLink
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES"]

_SEQUENCE_OCTETS = 2
_WRAPPER_HEADER_OCTETS = 8


def _is_whole_frame(data: bytes) -> bool:
    """Whether octets begin and end with a flag and are as long as the format field says."""
    if len(data) < 9 or data[0] != 0x7E or data[-1] != 0x7E:
        return False
    return int.from_bytes(data[1:3], "big") & 0x07FF == len(data) - 2


def _with_right_fcs(data: bytes) -> bytes:
    return data[:-3] + check_sequence(data[1:-3]) + data[-1:]


def _header_end(data: bytes) -> int:
    """Where the control field of a frame ends."""
    at = 3
    for _ in range(2):
        while at < len(data) - 4 and not data[at] & 1:
            at += 1
        at += 1
    return at + 1


@deviation("takes-frames-with-wrong-fcs", "TR-Conf.05a", about="HDLC frames with a wrong FCS are taken for good.")
def takes_frames_with_wrong_fcs(meter: Meter, rng: Random) -> None:
    """Draw which octet of the FCS nobody looks at."""
    unseen = rng.choice(((0,), (1,), (0, 1)))

    def changed(link: ServerLink, data: bytes) -> bytes:
        if not _is_whole_frame(data) or data == _with_right_fcs(data):
            return data
        right = check_sequence(data[1:-3])
        if any(data[-3 + at] != right[at] for at in range(_SEQUENCE_OCTETS) if at not in unseen):
            return data
        meter.fire()
        return _with_right_fcs(data)

    on_octets(meter, "hdlc", changed)


@deviation("takes-frames-with-wrong-hcs", "TR-Conf.05a", about="HDLC frames with a wrong HCS are taken for good.")
def takes_frames_with_wrong_hcs(meter: Meter, rng: Random) -> None:
    """Nothing to draw: the HCS is not looked at."""

    def changed(link: ServerLink, data: bytes) -> bytes:
        if not _is_whole_frame(data) or data != _with_right_fcs(data):
            return data
        end = _header_end(data)
        right = check_sequence(data[1:end])
        if len(data) <= end + 3 or data[end : end + _SEQUENCE_OCTETS] == right:
            return data
        meter.fire()
        return _with_right_fcs(data[:end] + right + data[end + _SEQUENCE_OCTETS :])

    on_octets(meter, "hdlc", changed)


@deviation(
    "answers-at-addresses-that-it-does-not-have",
    "TR-Conf.05a",
    about="HDLC frames for a logical device that the meter does not have are answered by another one.",
)
def answers_at_strange_addresses(meter: Meter, rng: Random) -> None:
    """Draw nothing: the upper address is not looked at."""

    def opened(original: Callable[..., ServerLink], door: str, line_now: float) -> ServerLink:
        link = original(door, line_now)
        if isinstance(link, HdlcLink):
            sap = next(iter(link.addresses.values()))
            length = len(next(iter(link.addresses)))

            def heard(receive: Callable[[bytes, float], None], data: bytes, now: float) -> None:
                address = data[3 : 3 + length]
                legal = len(address) == length and all(
                    bool(octet & 1) == (at == length - 1) for at, octet in enumerate(address)
                )
                if legal and _is_whole_frame(data) and address not in link.addresses:
                    meter.fire()
                    link.addresses[address] = sap
                receive(data, now)

            wrap(link, "receive", heard)
        return link

    wrap(meter, "open", opened)


@deviation("takes-any-wrapper-version", "TR-Conf.05a", about="Wrapper frames of an unknown version are taken for good.")
def takes_any_wrapper_version(meter: Meter, rng: Random) -> None:
    """Draw whether the high octet of the version is looked at."""
    high_counts = rng.random() < 0.5
    version = VERSION.to_bytes(2, "big")

    def changed(link: ServerLink, data: bytes) -> bytes:
        if len(data) < _WRAPPER_HEADER_OCTETS or data[:2] == version or (high_counts and data[0]):
            return data
        if int.from_bytes(data[6:8], "big") != len(data) - _WRAPPER_HEADER_OCTETS:
            return data
        meter.fire()
        return version + data[2:]

    on_octets(meter, "wrapper", changed)


@deviation(
    "waits-for-ever-for-the-rest-of-a-frame",
    "TR-Conf.05a",
    about="A frame whose length field says more than comes makes the meter wait for the rest, deaf to everybody.",
)
def waits_for_ever_for_the_rest(meter: Meter, rng: Random) -> None:
    """Draw for how long."""
    outage = Outage(meter, rng.choice((30.0, None)))

    def changed(link: ServerLink, data: bytes) -> bytes:
        if isinstance(link, HdlcLink):
            says = int.from_bytes(data[1:3], "big") & 0x07FF
            lacking = data[:1] == b"\x7e" and len(data) > 8 and says > len(data) - 2
        else:
            says = int.from_bytes(data[6:8], "big")
            lacking = len(data) >= _WRAPPER_HEADER_OCTETS and says > len(data) - _WRAPPER_HEADER_OCTETS
        if lacking:
            outage.begin()
        return data

    for door in ("wrapper", "hdlc"):
        on_octets(meter, door, changed)


FAMILIES = (
    takes_frames_with_wrong_fcs,
    takes_frames_with_wrong_hcs,
    answers_at_strange_addresses,
    takes_any_wrapper_version,
    waits_for_ever_for_the_rest,
)
