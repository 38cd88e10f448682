import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.wrapper import HEADER_OCTETS, WrapperFrame, WrapperReader

VECTORS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "vectors" / "wrapper.toml").read_text(encoding="utf-8")
)["vector"]
FRAMES = st.builds(
    WrapperFrame,
    source=st.integers(0, 0xFFFF),
    destination=st.integers(0, 0xFFFF),
    payload=st.binary(min_size=1, max_size=300),
)
GOOD = bytes.fromhex("00 01 00 10 00 01 00 03 D8 01 05")
VERSION_2 = bytes.fromhex("00 02 00 10 00 01 00 03 D8 01 05")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_reference_frame_in_both_directions(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    frame = WrapperFrame(source=vector["from"], destination=vector["to"], payload=bytes.fromhex(vector["payload"]))
    assert frame.to_bytes() == octets
    assert WrapperFrame.from_datagram(octets) == frame
    assert WrapperReader().receive_data(octets) == [frame]
    assert octets[HEADER_OCTETS:] == frame.payload


@given(st.lists(FRAMES, max_size=5), st.lists(st.integers(0, 10_000), max_size=8))
def test_any_split_of_the_stream_gives_the_same_frames(frames: list[WrapperFrame], cuts: list[int]) -> None:
    stream = b"".join(frame.to_bytes() for frame in frames)
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    reader = WrapperReader()
    received: list[WrapperFrame] = []
    for start, stop in pairwise(edges):
        received += reader.receive_data(stream[start:stop])
    assert received == frames
    assert (reader.pending_octets, reader.failed) == (0, False)


def test_pending_octets_count_the_unfinished_frame() -> None:
    reader = WrapperReader()
    assert reader.receive_data(GOOD + GOOD[:9]) == [WrapperFrame.from_datagram(GOOD)]
    assert reader.pending_octets == 9


def test_other_version_ends_the_stream() -> None:
    reader = WrapperReader()
    with pytest.raises(DecodeError, match="version 2"):
        reader.receive_data(VERSION_2[:2])
    assert reader.failed
    with pytest.raises(DecodeError, match="version 2"):
        reader.receive_data(GOOD)
    assert reader.pending_octets == 2


def test_good_frame_before_the_wrong_header_is_not_lost() -> None:
    reader = WrapperReader()
    assert reader.receive_data(GOOD + VERSION_2) == [WrapperFrame.from_datagram(GOOD)]
    assert reader.failed
    with pytest.raises(DecodeError, match="version 2"):
        reader.receive_data(b"")


def test_length_zero_is_refused() -> None:
    with pytest.raises(DecodeError, match="length 0"):
        WrapperReader().receive_data(bytes.fromhex("00 01 00 10 00 01 00 00"))
    with pytest.raises(DecodeError, match="length 0"):
        WrapperFrame.from_datagram(bytes.fromhex("00 01 00 10 00 01 00 00"))


def test_length_beyond_the_limit_is_refused_before_the_payload_comes() -> None:
    reader = WrapperReader(max_payload_octets=2)
    with pytest.raises(DecodeError, match="length 3"):
        reader.receive_data(GOOD[:8])
    assert reader.failed


@pytest.mark.parametrize("data", [b"", GOOD[:7], GOOD[:-1], GOOD + b"\x00", VERSION_2])
def test_datagram_must_be_exactly_one_frame(data: bytes) -> None:
    with pytest.raises(DecodeError):
        WrapperFrame.from_datagram(data)


@pytest.mark.parametrize(
    ("source", "destination", "payload"),
    [(-1, 1, b"x"), (0x10000, 1, b"x"), (1, 0x10000, b"x"), (1, 1, b""), (1, 1, bytes(0x10000))],
)
def test_what_the_header_cannot_state_is_refused(source: int, destination: int, payload: bytes) -> None:
    frame = WrapperFrame(source=source, destination=destination, payload=payload)
    with pytest.raises(ValueError, match="allowed"):
        frame.to_bytes()


def test_largest_payload_passes() -> None:
    frame = WrapperFrame(source=1, destination=16, payload=bytes(0xFFFF))
    assert WrapperReader().receive_data(frame.to_bytes()) == [frame]
