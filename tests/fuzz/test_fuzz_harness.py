"""What a device may send: nothing but the harness's own protocol errors comes of it, and no hang."""

import time
from collections.abc import Callable
from random import Random

import pytest

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol import acse, axdr, hdlc
from harness.protocol import apdu as xdlms
from harness.protocol.wrapper import WrapperFrame
from harness.session import HdlcLink, Link, WrapperLink
from tests.fuzz.mutator import AARQ, FRAMES, LINK_FRAMES, REQUESTS, changed, framed, malformed, vectors, wrapped

LONGEST_CALL_S = 5.0
"""Bounded work: a call that takes so long, on however busy a computer, has found something to run round in."""
FRAMES_A_LINK = 50
MOST_EVENTS_A_FRAME = 2000

APDUS = [*REQUESTS, *vectors("apdu", "acse")]
VALUES = [*vectors("axdr")]


def timed(call: Callable[[], object], octets: bytes, number: int) -> None:
    started = time.process_time()
    try:
        call()
    except ProtocolViolation:
        pass
    except Exception as error:
        raise AssertionError(f"frame {number}, {octets.hex()}: {error!r}") from error
    assert time.process_time() - started < LONGEST_CALL_S, f"frame {number}, {octets.hex()}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("decode", "corpus"),
    [
        (xdlms.decode_answer, APDUS),
        (xdlms.decode_request, APDUS),
        (acse.Aare.from_bytes, APDUS),
        (xdlms.InitiateResponse.from_bytes, APDUS),
        (axdr.decode, VALUES),
        (WrapperFrame.from_datagram, [*vectors("wrapper")]),
        (hdlc.Frame.from_bytes, [*vectors("hdlc"), *LINK_FRAMES]),
    ],
    ids=["answer", "request", "aare", "initiate-response", "data", "wrapper-frame", "hdlc-frame"],
)
def test_decoders_raise_nothing_but_their_own_errors(decode: Callable[[bytes], object], corpus: list[bytes]) -> None:
    rng = Random(20260302)
    for number in range(FRAMES // 4):
        octets = changed(rng, rng.choice(corpus))
        timed(lambda octets=octets: decode(octets), octets, number)  # type: ignore[misc]  # bound in the same turn


def test_no_octets_at_all_are_an_error_of_their_own() -> None:
    for decode in (xdlms.decode_answer, xdlms.decode_request, acse.Aare.from_bytes, axdr.decode):
        with pytest.raises(DecodeError):
            decode(b"")


class Listening:
    """A link of the harness that gets what the generator makes, and is opened again now and then."""

    def __init__(self, door: str) -> None:
        self.door = door
        self.link = self.opened()

    def opened(self) -> Link:
        if self.door != "hdlc":
            return WrapperLink(client=16, server=1, datagrams=self.door == "wrapper-udp")
        server = hdlc.ServerAddress(upper=1, lower=None, octets=1)
        link = HdlcLink(client=16, server=server, proposal=None, largest_apdu=0xFFFF)
        link.open()
        link.data_to_send()
        link.receive_data(bytes.fromhex("7EA00721037301407E"))
        assert link.is_open
        link.send(AARQ)
        link.data_to_send()
        return link

    def take(self, octets: bytes) -> None:
        events = self.link.receive_data(octets)
        assert len(events) < MOST_EVENTS_A_FRAME
        self.link.data_to_send()
        self.link.poll()
        self.link.data_to_send()


def answer_to_us(rng: Random, apdu: bytes) -> bytes:
    """Put an APDU into a sound HDLC frame from the server to the public client."""
    control = rng.choice((0x30, 0x52, 0x74, 0x31, 0x51, 0x73, 0x1F, 0x97))
    frame = hdlc.Frame(
        destination=b"\x21",
        source=b"\x03",
        control=control,
        segmented=rng.random() < 0.2,
        information=(b"\xe6\xe7\x00" + apdu)[:2000],
    )
    return frame.to_bytes()


def wrapped_for_us(rng: Random, apdu: bytes) -> bytes:
    return b"\x00\x01\x00\x01\x00\x10" + (len(apdu) & 0xFFFF).to_bytes(2, "big") + apdu


@pytest.mark.slow
@pytest.mark.parametrize("door", ["wrapper", "wrapper-udp", "hdlc"])
def test_links_take_whatever_comes(door: str) -> None:
    rng = Random(20260302)
    listening = Listening(door)
    sound, foreign = (answer_to_us, framed) if door == "hdlc" else (wrapped_for_us, wrapped)
    for number in range(FRAMES):
        if number % FRAMES_A_LINK == 0:
            listening.link = listening.opened()
        if rng.random() < 0.7:
            octets = sound(rng, changed(rng, rng.choice(APDUS)))
            octets = changed(rng, octets) if rng.random() < 0.3 else octets
        else:
            octets = malformed(rng, foreign, LINK_FRAMES)
        timed(lambda octets=octets: listening.take(octets), octets, number)  # type: ignore[misc]  # bound in this turn
