"""Masking: what is found, how it moves into frames, and the last search for secrets."""

import base64
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evidence.redaction import masked_hex, merged, ranges_of, shifted
from harness.evidence.secret_search import search_for_secrets

SECRET = b"password-1"


def test_every_place_of_every_secret_is_found() -> None:
    assert ranges_of(b"..ab..ab.xyz", [b"ab", b"xyz", b"not there", b""]) == ((2, 2), (6, 2), (9, 3))
    assert ranges_of(b"aaaa", [b"aa"]) == ((0, 2), (1, 2), (2, 2))


def test_merged_ranges_neither_overlap_nor_touch() -> None:
    assert merged([(6, 2), (0, 2), (1, 2), (3, 1), (10, 1)]) == ((0, 4), (6, 2), (10, 1))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=8))
def test_merging_keeps_the_same_octets(ranges: list[tuple[int, int]]) -> None:
    def covered(spans: list[tuple[int, int]]) -> set[int]:
        return {at for offset, length in spans for at in range(offset, offset + length)}

    together = list(merged(ranges))
    assert covered(together) == covered(ranges)
    assert all(sum(one) < other[0] for one, other in pairwise(together))


def test_masked_hex_keeps_the_length() -> None:
    assert masked_hex(b"\x01\x02\x03", ()) == "010203"
    assert masked_hex(b"\x01\x02\x03", ((1, 1),)) == "01**03"


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        (0, 20, ((9, 10), (29, 3))),
        (0, 9, ((9, 4), (29, 3))),
        (9, 20, ((4, 6), (29, 3))),
        (0, 5, ()),
        (15, 20, ()),
    ],
)
def test_ranges_move_into_the_frame_of_a_segment(start: int, stop: int, expected: tuple[tuple[int, int], ...]) -> None:
    assert shifted(((5, 10),), start=start, stop=stop, at=4, octets=32, trailer=3) == expected


@given(
    payload=st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1), st.integers(1, 20))),
    size=st.integers(1, 25),
    at=st.integers(0, 12),
)
def test_segments_together_mask_exactly_the_secret(payload: tuple[int, int, int], size: int, at: int) -> None:
    length, offset, secret_octets = payload
    secret_octets = min(secret_octets, length - offset)
    masked: set[int] = set()
    for start in range(0, length, size):
        stop = min(start + size, length)
        frame_octets = at + stop - start + 3
        moved = shifted(((offset, secret_octets),), start=start, stop=stop, at=at, octets=frame_octets, trailer=3)
        for first, count in moved:
            masked |= {start + one - at for one in range(first, first + count) if at <= one < frame_octets - 3}
    assert masked == set(range(offset, offset + secret_octets))


@pytest.mark.parametrize(
    "content",
    [
        SECRET,
        SECRET.hex().encode(),
        SECRET.hex().upper().encode(),
        SECRET.hex(" ").encode(),
        SECRET.hex(" ").upper().encode(),
        base64.b64encode(SECRET),
    ],
)
def test_secret_is_found_in_every_spelling_and_folder(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "a.bin").write_bytes(b"..." + content + b"...")
    (tmp_path / "clean.txt").write_text("nothing here", encoding="utf-8")
    (line,) = search_for_secrets(tmp_path, [SECRET])
    assert line.startswith("captures/a.bin holds a secret")


def test_short_secrets_are_not_searched_and_no_secret_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1234567 and more")
    assert search_for_secrets(tmp_path, [b"1234567"]) == []
    assert search_for_secrets(tmp_path, []) == []
    assert search_for_secrets(tmp_path, [SECRET]) == []
