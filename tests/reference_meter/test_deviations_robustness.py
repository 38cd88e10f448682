"""Meters that malformed frames bring down or take in: each shows itself on its frame, and on good ones never."""

import pytest

from reference_meter.codec.hdlc import HdlcFrame, check_sequence, encode_frame
from reference_meter.deviations import tr_conf_05a_damage, tr_conf_05a_robustness
from reference_meter.loop import make
from reference_meter.meter import Meter

AARQ = bytes.fromhex("601DA109060760857405080101BE10040E01000000065F1F0400007E1FFFFF")
GET = bytes.fromhex("C001C1000100002A0000FF0200")
GOT = "c401c1000910"
FAMILIES = (*tr_conf_05a_damage.FAMILIES, *tr_conf_05a_robustness.FAMILIES)
DRAWS = range(4)


def wrapped(apdu: bytes, version: int = 1) -> bytes:
    return version.to_bytes(2, "big") + bytes.fromhex("00100001") + len(apdu).to_bytes(2, "big") + apdu


def framed(control: int, apdu: bytes = b"", address: bytes = b"\x03") -> bytes:
    information = b"\xe6\xe6\x00" + apdu if apdu else b""
    return encode_frame(HdlcFrame(destination=address, source=b"\x21", control=control, information=information))


SNRM = framed(0x93)
SESSION = {"wrapper": [wrapped(AARQ), wrapped(GET)], "hdlc": [SNRM, framed(0x10, AARQ), framed(0x32, GET)]}


def heard(meter: Meter, door: str, frames: list[bytes], now: float = 0.0) -> list[str]:
    """Send frames over a link of their own and return what comes back as hex."""
    link = meter.open(door, now)
    for octets in frames:
        link.receive(octets, now)
    answers = [getattr(event, "data", b"").hex() for event in link.take_events()]
    link.closed_by_peer(now)
    return answers


def lives(meter: Meter, now: float = 1.0) -> bool:
    return all(GOT in "".join(heard(meter, door, frames, now)) for door, frames in SESSION.items())


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("name", [family.name for family in FAMILIES])
def test_good_frames_never_show_it(name: str, draw: int) -> None:
    meter = make({"deviation": name, "draw": str(draw)})
    assert lives(meter)
    assert heard(meter, "hdlc", [SNRM, framed(0x53)]) == heard(make({}), "hdlc", [SNRM, framed(0x53)])
    assert meter.fired() == 0


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize(
    ("name", "door", "bad"),
    [
        ("hangs-on-length-beyond-the-end", "wrapper", wrapped(b"\x60\x84\xff\xff\xff\xff" + AARQ[2:])),
        ("crashes-on-unknown-tag", "wrapper", wrapped(b"\x7b" + GET[1:])),
        ("stops-after-empty-apdu", "wrapper", wrapped(b"")),
        ("restarts-on-unknown-choice", "wrapper", wrapped(b"\xc0\x7f" + GET[2:])),
        ("waits-for-ever-for-the-rest-of-a-frame", "wrapper", b"\x00\x01\x00\x10\x00\x01\xff\xff" + GET),
        ("waits-for-ever-for-the-rest-of-a-frame", "hdlc", b"\x7e\xa7\xff" + SNRM[3:]),
    ],
)
def test_its_frame_brings_it_down_until_the_supply_comes_back(name: str, door: str, bad: bytes, draw: int) -> None:
    meter = make({"deviation": name, "draw": str(draw)})
    heard(meter, door, [*SESSION[door][:-1], bad])
    assert meter.fired() == 1
    assert not lives(meter, now=2.0)
    meter.control({"op": "power_cut"})
    meter.control({"op": "power_restore"})
    assert lives(meter, now=2.5)


def test_places_for_associations_leak_away() -> None:
    meter = make({"deviation": "leaks-associations", "draw": "0"})
    for _ in range(30):
        heard(meter, "wrapper", [wrapped(AARQ[:9])])
    assert not lives(meter)
    assert meter.fired()
    meter.control({"op": "power_cut"})
    meter.control({"op": "power_restore"})
    assert lives(meter)


@pytest.mark.parametrize("draw", DRAWS)
def test_requests_that_cannot_be_valid_get_data(draw: int) -> None:
    guessing = make({"deviation": "guesses-the-end-of-a-request", "draw": str(draw)})
    assert GOT in heard(guessing, "wrapper", [wrapped(AARQ), wrapped(GET[:-1])])[-1]
    lax = make({"deviation": "takes-any-choice-for-normal", "draw": str(draw)})
    assert GOT in heard(lax, "wrapper", [wrapped(AARQ), wrapped(b"\xc0\x7f" + GET[2:])])[-1]
    assert guessing.fired() == lax.fired() == 1


@pytest.mark.parametrize("draw", DRAWS)
def test_the_association_is_forgotten_after_a_malformed_request(draw: int) -> None:
    meter = make({"deviation": "forgets-association-after-malformed-request", "draw": str(draw)})
    after = [
        heard(meter, "wrapper", [wrapped(AARQ), wrapped(bad), wrapped(GET)])[-1]
        for bad in (GET[:9], b"\xc0\x7f" + GET[2:])
    ]
    assert sum(GOT not in answer for answer in after) == meter.fired() == 1


@pytest.mark.parametrize("draw", DRAWS)
def test_damaged_frames_are_taken_for_good(draw: int) -> None:
    right = int.from_bytes(SNRM[-3:-1], "little")
    lax = make({"deviation": "takes-frames-with-wrong-fcs", "draw": str(draw)})
    bad = [SNRM[:-3] + (right ^ mask).to_bytes(2, "little") + SNRM[-1:] for mask in (0x0001, 0x0100)]
    assert any(heard(lax, "hdlc", [frame]) for frame in bad)
    assert lax.fired()
    frame = bytearray(framed(0x10, AARQ))
    frame[6] ^= 0xFF
    frame[-3:-1] = check_sequence(bytes(frame[1:-3]))
    headless = make({"deviation": "takes-frames-with-wrong-hcs", "draw": str(draw)})
    assert len(heard(headless, "hdlc", [SNRM, bytes(frame)])) == 2
    assert headless.fired() == 1
    assert len(heard(make({}), "hdlc", [SNRM, bytes(frame), *bad])) == 1


def test_strange_addresses_and_versions_are_answered() -> None:
    anybody = make({"deviation": "answers-at-addresses-that-it-does-not-have", "draw": "0"})
    assert heard(anybody, "hdlc", [framed(0x93, address=b"\x1b")])
    assert heard(make({}), "hdlc", [framed(0x93, address=b"\x1b")]) == []
    versions = make({"deviation": "takes-any-wrapper-version", "draw": "0"})
    assert heard(versions, "wrapper", [wrapped(AARQ, version=2)])
    assert heard(make({}), "wrapper", [wrapped(AARQ, version=2)]) == []
    assert anybody.fired() == versions.fired() == 1
