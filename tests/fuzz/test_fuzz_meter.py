"""The reference meter lives through malformed frames: no exception, no wedge, no growth, no counter moved."""

import gc
from random import Random

import pytest

from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.server.link import ServerLink
from tests.fuzz.mutator import AARQ, FRAMES, LINK_FRAMES, framed, malformed, wrapped

GET_NAME = bytes.fromhex("C001C1000100002A0000FF0200")
GET_COUNTER = bytes.fromhex("C001C1000100002B0100FF0200")
SNRM, DISC = LINK_FRAMES[0], LINK_FRAMES[2]
FRAMES_A_LINK = 25
FRAMES_BETWEEN_GOOD_EXCHANGES = 500
MOST_MORE_OBJECTS = 3000


class _Public(Random):
    """Lets the frames of good exchanges be those of the public client."""

    def choice(self, seq: object) -> int:  # type: ignore[override]  # of clients only
        return 16

    def random(self) -> float:
        return 1.0


def good_exchange(meter: Meter, door: str, now: float, request: bytes) -> bytes:
    """Associate as the public client over a link of its own, ask, and return what comes."""
    link = meter.open(door, now)
    if door == "hdlc":
        asked = [SNRM, framed(_Public(), AARQ, 0x10), framed(_Public(), request, 0x32)]
    else:
        asked = [wrapped(_Public(), AARQ), wrapped(_Public(), request)]
    for octets in asked:
        link.receive(octets, now)
    answers = [getattr(event, "data", b"") for event in link.take_events()]
    link.closed_by_peer(now)
    assert len(answers) == len(asked), f"{len(answers)} answers to {len(asked)} good frames at {door}"
    return bytes(answers[-1])


class Attack:
    """Sends malformed frames to one meter at one door, over links that are replaced now and then."""

    def __init__(self, door: str, seed: int) -> None:
        self.door = door
        self.meter = make({})
        self.rng = Random(seed)
        self.now = 0.0
        self.sent = 0
        self.link: ServerLink = self.meter.open(door, self.now)
        self.name = good_exchange(self.meter, door, self.now, GET_NAME)
        self.counter = good_exchange(self.meter, door, self.now, GET_COUNTER)

    def go_on(self, frames: int) -> None:
        for _ in range(frames):
            if self.sent % FRAMES_A_LINK == 0 or self.link.closed:
                self._new_link()
            self._send(self._frame())
            if self.sent % FRAMES_BETWEEN_GOOD_EXCHANGES == 0:
                assert good_exchange(self.meter, self.door, self.now, GET_NAME) == self.name

    def _new_link(self) -> None:
        self.link.closed_by_peer(self.now)
        self.meter.tick(self.now)
        self.link = self.meter.open(self.door, self.now)
        # Most links begin well, so that what follows gets past the door.
        if self.rng.random() < 0.8:
            for octets in [SNRM, framed(_Public(), AARQ, 0x10)] if self.door == "hdlc" else [wrapped(_Public(), AARQ)]:
                self._send(octets)

    def _frame(self) -> bytes:
        if self.door == "hdlc":
            return malformed(self.rng, framed, LINK_FRAMES)
        return malformed(self.rng, wrapped, [])

    def _send(self, octets: bytes) -> None:
        self.sent += 1
        self.now += 0.05
        try:
            self.link.receive(octets, self.now)
            self.link.take_events()
        except Exception as error:
            raise AssertionError(f"frame {self.sent} at {self.door}, {octets.hex()}: {error!r}") from error


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


@pytest.mark.slow
@pytest.mark.parametrize("door", ["wrapper", "wrapper-udp", "hdlc"])
def test_meter_lives_through_malformed_frames(door: str) -> None:
    attack = Attack(door, seed=20260302)
    # The logs fill up and caches grow at first; from a half on nothing more may stay.
    attack.go_on(FRAMES // 2)
    before = objects()
    attack.go_on(FRAMES - FRAMES // 2)
    assert objects() - before < MOST_MORE_OBJECTS
    assert good_exchange(attack.meter, door, attack.now, GET_NAME) == attack.name
    assert good_exchange(attack.meter, door, attack.now, GET_COUNTER) == attack.counter
    assert attack.meter.fired() == 0
