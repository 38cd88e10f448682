import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.hdlc import Frame, FrameDiscarded, FrameReader, FrameReceived

VECTORS = [
    bytes.fromhex(vector["hex"])
    for vector in tomllib.loads((Path(__file__).parents[1] / "vectors" / "hdlc.toml").read_text(encoding="utf-8"))[
        "vector"
    ]
]
RR = bytes.fromhex("7E A0 07 03 21 31 17 87 7E")
GET = bytes.fromhex("7E A0 19 03 21 32 6F D8 E6 E6 00 C0 01 C1 00 08 00 00 01 00 00 FF 02 00 60 1A 7E")

# Contents made of flags and of what looks like the beginning of a frame are the hard ones.
INFORMATION = st.one_of(
    st.binary(max_size=40),
    st.lists(st.sampled_from([b"\x7e", b"\x7e\xa0", b"\x7e\xa0\x07", b"\xa0", b"\x00", RR]), max_size=12).map(b"".join),
)
FRAMES = st.builds(
    Frame,
    destination=st.sampled_from([b"\x21", b"\x7f"]),
    source=st.sampled_from([b"\x03", b"\x02\x23", b"\x7c\xff", b"\x00\x02\x00\x21"]),
    control=st.integers(0, 255),
    segmented=st.booleans(),
    information=INFORMATION,
)
NOISE = st.binary(max_size=12).map(lambda octets: octets.replace(b"\x7e", b"\x7f"))


def feed(stream: bytes, cuts: list[int]) -> list[FrameReceived | FrameDiscarded]:
    reader = FrameReader()
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    events: list[FrameReceived | FrameDiscarded] = []
    for start, stop in pairwise(edges):
        events += reader.receive_data(stream[start:stop])
    return events


def frames_in(events: list[FrameReceived | FrameDiscarded]) -> list[Frame]:
    return [event.frame for event in events if isinstance(event, FrameReceived)]


def only_discard(stream: bytes) -> FrameDiscarded:
    (event,) = FrameReader().receive_data(stream)
    assert isinstance(event, FrameDiscarded)
    return event


def test_reference_frames_one_octet_at_a_time() -> None:
    reader = FrameReader()
    events = [event for octet in b"".join(VECTORS) for event in reader.receive_data(bytes((octet,)))]
    assert [event.octets for event in events] == VECTORS
    assert all(isinstance(event, FrameReceived) for event in events)
    assert reader.pending_octets == 0


@given(st.lists(FRAMES, max_size=6), st.booleans(), st.lists(st.integers(0, 10_000), max_size=8))
def test_any_split_gives_the_same_frames(frames: list[Frame], shared_flags: bool, cuts: list[int]) -> None:
    octets = [frame.to_bytes() for frame in frames]
    stream = b"\x7e" + b"".join(one[1:] for one in octets) if shared_flags else b"".join(octets)
    events = feed(stream, cuts)
    assert frames_in(events) == frames
    assert [event.octets for event in events] == octets


@given(st.lists(st.tuples(NOISE, FRAMES), max_size=5), NOISE, st.lists(st.integers(0, 10_000), max_size=8))
def test_noise_between_frames_is_reported_and_harmless(
    parts: list[tuple[bytes, Frame]], tail: bytes, cuts: list[int]
) -> None:
    stream = b"".join(noise + b"\x7e" * (1 + len(noise) % 3) + frame.to_bytes() for noise, frame in parts) + tail
    events = feed(stream, cuts)
    assert frames_in(events) == [frame for _, frame in parts]
    noise = b"".join(event.octets for event in events if isinstance(event, FrameDiscarded))
    wanted = b"".join(noise for noise, _ in parts) + tail
    # The last octet may still be the beginning of a frame.
    assert noise.replace(b"\x7e", b"") in (wanted, wanted[: len(noise.replace(b"\x7e", b""))])


@given(FRAMES, FRAMES, st.data())
def test_damage_gives_no_wrong_frame_and_loses_no_following_one(
    first: Frame, following: Frame, data: st.DataObject
) -> None:
    octets = bytearray(first.to_bytes())
    for bit in data.draw(st.sets(st.integers(0, 8 * len(octets) - 1), min_size=1, max_size=3)):
        octets[bit // 8] ^= 1 << bit % 8
    stream = bytes(octets) + following.to_bytes()
    # An inflated length can make the reader wait beyond the end; a timeout sorts that out.
    reader = FrameReader()
    events = reader.receive_data(stream) + reader.abandon_pending()
    for event in events:
        if isinstance(event, FrameReceived):
            assert Frame.from_bytes(event.octets) == event.frame
            assert event.octets in stream
    found = [event.octets for event in events if isinstance(event, FrameReceived)]
    damaged = bytes(octets)
    if RR not in damaged and not decodes(damaged):
        assert found[-1:] == [following.to_bytes()]


def decodes(octets: bytes) -> bool:
    try:
        Frame.from_bytes(octets)
    except DecodeError:
        return False
    return True


@pytest.mark.parametrize("following", [RR, GET], ids=["rr", "get"])
@pytest.mark.parametrize("copies", [1, 3])
def test_truncated_frame_loses_no_following_one(following: bytes, copies: int) -> None:
    # Without its closing flag alone the frame is still good: the next opening flag closes it.
    for cut in range(1, len(GET) - 1):
        reader = FrameReader()
        events = reader.receive_data(GET[:cut] + following * copies) + reader.abandon_pending()
        assert [event.octets for event in events if isinstance(event, FrameReceived)] == [following] * copies
        assert reader.pending_octets == 0


def test_every_single_bit_error_is_found() -> None:
    for bit in range(8, 8 * (len(GET) - 1)):
        octets = bytearray(GET)
        octets[bit // 8] ^= 1 << bit % 8
        reader = FrameReader()
        events = reader.receive_data(bytes(octets) + RR) + reader.abandon_pending()
        assert [event.octets for event in events if isinstance(event, FrameReceived)] == [RR]


@pytest.mark.parametrize(
    ("stream", "octets", "reason"),
    [
        ("01 02 03", "01 02 03", "octets outside of a frame"),
        ("7E 01 02", "7E 01 02", "wrong format type"),
        ("7E A0 07 03 21 31 17 88 7E", "7E A0 07 03 21 31 17 88 7E", "wrong FCS"),
        ("7E A0 07 03 21 31 17 87 00", "7E A0 07 03 21 31 17 87 00", "missing closing flag"),
        ("7E A0 19 03 21 32 6F D9", "7E A0 19 03 21 32 6F D9", "wrong HCS"),
        ("7E A0 06 03", "7E A0 06 03", "length 6"),
        ("7E A0 09 02 02 03", "7E A0 09 02 02 03", "illegal destination address of 3 octets"),
        ("7E A0 09 03 02 02 21", "7E A0 09 03 02 02 21", "illegal source address of 3 octets"),
        ("7E A0 09 02 02 02 02", "7E A0 09 02 02 02 02", "illegal destination address without an end"),
    ],
)
def test_discarded_octets_come_with_their_reason(stream: str, octets: str, reason: str) -> None:
    event = only_discard(bytes.fromhex(stream))
    assert event.octets == bytes.fromhex(octets)
    assert reason in event.reason


def test_wrong_header_is_judged_before_the_frame_is_complete() -> None:
    reader = FrameReader()
    # The stated length is 2047 octets, nine have come.
    assert len(reader.receive_data(bytes.fromhex("7E A7 FF 03 21 32 00 00 E6"))) == 1
    assert reader.pending_octets == 0


def test_idle_flags_are_skipped_silently() -> None:
    reader = FrameReader()
    assert reader.receive_data(b"\x7e" * 1000) == []
    assert reader.pending_octets == 0
    assert [event.octets for event in reader.receive_data(RR[1:] + b"\x7e" * 20 + RR)] == [RR, RR]


def test_closing_flag_is_no_part_of_noise_behind_it() -> None:
    first, noise, second = FrameReader().receive_data(RR + b"\x00\x01" + RR)
    assert (first.octets, noise.octets, second.octets) == (RR, b"\x00\x01", RR)


def test_pending_octets_count_the_unfinished_frame() -> None:
    reader = FrameReader()
    reader.receive_data(GET[:10])
    assert reader.pending_octets == 10
    (event,) = reader.abandon_pending()
    assert event == FrameDiscarded(octets=GET[:10], reason="unfinished frame")
    assert reader.pending_octets == 0


def test_frame_swallowed_by_an_unfinished_one_is_found_after_the_timeout() -> None:
    reader = FrameReader()
    assert reader.receive_data(GET[:-12] + RR) == []
    assert frames_in(reader.abandon_pending()) == [Frame.from_bytes(RR)]


def test_frame_beyond_the_limit_of_the_reader_is_discarded() -> None:
    reader = FrameReader(max_frame_octets=24)
    discarded, good = reader.receive_data(GET + RR)[0], reader.receive_data(RR)[-1]
    assert isinstance(discarded, FrameDiscarded)
    assert "length 25" in discarded.reason
    assert good.octets == RR


@given(st.lists(st.sampled_from([b"\x7e", b"\x7e\xa7\xff\x03\x21", b"\xa0\x07", GET[:12], b"\x00" * 50])))
def test_memory_stays_bounded(pieces: list[bytes]) -> None:
    reader = FrameReader()
    for piece in pieces * 5:
        reader.receive_data(piece)
        assert reader.pending_octets <= 2047 + 2
