"""HDLC links on a damaged line: right ones pass damage over, and each deviation shows on its own damage alone."""

import pytest

from reference_meter.codec.hdlc import HdlcFrame, check_sequence, decode_frame, encode_frame
from reference_meter.codec.hdlc_parameters import HdlcParameters, encode_parameters
from reference_meter.deviations import tr_conf_05a_line
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.server.hdlc_link import HdlcLink

UA, RR = 0x73, 0x11
NOISE = bytes.fromhex("005AFF13")
SMALL = HdlcParameters(max_info_transmit=64, max_info_receive=64, window_transmit=1, window_receive=1)


def framed(control: int, information: bytes = b"", source: bytes = b"\x21") -> bytes:
    return encode_frame(HdlcFrame(destination=b"\x03", source=source, control=control, information=information))


def damaged(frame: bytes) -> bytes:
    return frame[:-2] + bytes((frame[-2] ^ 1, frame[-1]))


def longer_by(frame: bytes, octets: int) -> bytes:
    """With another length, and both check sequences made for it; the addresses are of one octet each."""
    spoilt = bytearray(frame)
    spoilt[2] += octets
    spoilt[6:8] = check_sequence(bytes(spoilt[1:6]))
    spoilt[-3:-1] = check_sequence(bytes(spoilt[1:-3]))
    return bytes(spoilt)


ASKED = framed(0x10, bytes.fromhex("E6E600C001C1000100002A0000FF0200"))
DAMAGE = {
    "damaged-disc-ends-the-link": damaged(framed(0x53)),
    "damaged-frame-is-counted": damaged(ASKED),
    "length-not-looked-at": longer_by(ASKED, -3),
    "noise-deafens-the-port": NOISE,
    "two-octet-client-answered": framed(0x93, source=b"\x00\x21"),
}
"""What shows a deviation on a link that is up."""


class Port:
    """A link of a client to a meter."""

    def __init__(self, meter: Meter) -> None:
        link = meter.open("hdlc", 0.0)
        assert isinstance(link, HdlcLink)
        self.link = link
        self.now = 0.0

    def heard(self, octets: bytes) -> list[HdlcFrame]:
        """Send octets after a pause and return the frames that come."""
        self.now += 1.0
        self.link.receive(octets, self.now)
        return [decode_frame(getattr(event, "data", b"")[1:-1]) for event in self.link.take_events()]

    def controls(self, octets: bytes) -> list[int]:
        """As ``heard``, the control fields alone."""
        return [frame.control for frame in self.heard(octets)]


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_right_meter_passes_damage_over(damage: bytes) -> None:
    port = Port(make({}))
    assert port.controls(framed(0x93)) == [UA]
    assert port.controls(damage) == []
    assert port.controls(framed(RR)) == [RR]


@pytest.mark.parametrize("draw", range(3))
@pytest.mark.parametrize(("name", "damage"), DAMAGE.items(), ids=DAMAGE)
def test_deviation_shows_on_its_damage_alone(name: str, damage: bytes, draw: int) -> None:
    meter = make({"deviation": name, "draw": str(draw)})
    port = Port(meter)
    assert port.controls(framed(0x93)) == [UA]
    assert port.controls(framed(RR)) == [RR]
    assert meter.fired() == 0
    shown = port.controls(damage)
    assert meter.fired() == 1
    assert shown or port.controls(framed(RR)) != [RR]


@pytest.mark.parametrize("line", [(2400, "8N1"), (9600, "8E1")])
def test_octets_of_an_unlike_line_are_no_frames(line: tuple[int, str]) -> None:
    port = Port(make({}))
    assert port.controls(framed(0x93)) == [UA]
    port.link.set_line(*line, 1.0)
    assert port.controls(ASKED) == []
    port.link.set_line(9600, "8N1", 2.0)
    assert port.controls(framed(RR)) == [RR]


@pytest.mark.parametrize("draw", range(4))
@pytest.mark.parametrize("name", ["agrees-on-more-than-proposed", "agreement-that-cannot-be-read"])
def test_agreement_is_another_one(name: str, draw: int) -> None:
    asked = framed(0x93, encode_parameters(SMALL))
    (right,) = Port(make({})).heard(asked)
    meter = make({"deviation": name, "draw": str(draw)})
    (told,) = Port(meter).heard(asked)
    assert right.information == encode_parameters(SMALL)
    assert told.control == UA
    assert told.information != right.information
    assert meter.fired() == 1


def test_frame_is_confirmed_that_was_not_sent() -> None:
    meter = make({"deviation": "frame-confirmed-that-was-not-sent", "draw": "0"})
    port = Port(meter)
    assert port.controls(framed(0x93)) == [UA]
    assert port.controls(framed(RR)) == [RR | 0x20]
    assert meter.fired() == 1


def test_each_family_of_the_line_is_tried() -> None:
    elsewhere = {
        "agrees-on-more-than-proposed",
        "agreement-that-cannot-be-read",
        "frame-confirmed-that-was-not-sent",
        "unlike-line-deafens-the-port",
    }
    assert {family.name for family in tr_conf_05a_line.FAMILIES} == elsewhere | set(DAMAGE)


@pytest.mark.parametrize("draw", range(4))
def test_unlike_line_deafens(draw: int) -> None:
    meter = make({"deviation": "unlike-line-deafens-the-port", "draw": str(draw)})
    port = Port(meter)
    assert port.controls(framed(0x93)) == [UA]
    for line in ((2400, "8N1"), (9600, "8E1")):
        port.link.set_line(*line, port.now)
        port.controls(ASKED)
    port.link.set_line(9600, "8N1", port.now)
    assert meter.fired() >= 1
    assert port.controls(framed(RR)) == []
