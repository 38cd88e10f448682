"""COSEM data of the reference meter's codec: vectors, limits, properties."""

import ast
import struct
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_meter.codec import axdr
from reference_meter.codec.axdr import Pair
from reference_meter.codec.octets import Malformed, OctetReader, encode_length

VECTORS = tomllib.loads((Path(__file__).parents[2] / "vectors" / "meter_codec.toml").read_text(encoding="utf-8"))[
    "vector"
]
DATA = [pytest.param(entry, id=entry["name"]) for entry in VECTORS if entry["kind"] == "data"]


@pytest.mark.parametrize("vector", DATA)
def test_data_vector_in_both_directions(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    value = ast.literal_eval(vector["value"])
    assert axdr.decode(octets) == value
    assert axdr.encode(value) == octets


@pytest.mark.parametrize(
    ("length", "octets"),
    [(0, "00"), (127, "7f"), (128, "8180"), (255, "81ff"), (256, "820100"), (65535, "82ffff"), (65536, "83010000")],
)
def test_length_in_both_directions(length: int, octets: str) -> None:
    assert encode_length(length) == bytes.fromhex(octets)
    assert OctetReader(bytes.fromhex(octets)).length() == length


@pytest.mark.parametrize("length", [-1, 1 << 32])
def test_lengths_that_cannot_be_said_are_our_mistake(length: int) -> None:
    with pytest.raises(ValueError, match="length"):
        encode_length(length)


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param("", id="nothing"),
        pytest.param("06000013", id="cut short"),
        pytest.param("0600001391ff", id="left over"),
        pytest.param("0202110506", id="second element cut short"),
        pytest.param("0180", id="indefinite length"),
        pytest.param("0184ffffffff", id="more elements than octets"),
        pytest.param("08", id="unknown tag"),
        pytest.param("0a01ff", id="not ascii"),
        pytest.param("0c01ff", id="not utf-8"),
        pytest.param("13020000", id="compact array without octets per element"),
        pytest.param("130103e80000", id="compact array of many nulls"),
        pytest.param("1313110101", id="compact array in a compact array"),
        pytest.param("130211120401000201", id="compact array cut inside an element"),
    ],
)
def test_wrong_octets_do_not_decode(octets: str) -> None:
    with pytest.raises(Malformed):
        axdr.decode(bytes.fromhex(octets))


def test_nesting_has_a_limit() -> None:
    deepest = b"\x01\x01" * axdr.MAX_NESTING + b"\x00"
    assert axdr.encode(axdr.decode(deepest)) == deepest
    with pytest.raises(Malformed, match="nested too deeply"):
        axdr.decode(b"\x01\x01" + deepest)
    with pytest.raises(Malformed, match="nested too deeply"):
        axdr.decode(b"\x13" + b"\x02\x01" * (axdr.MAX_NESTING + 1) + b"\x11\x00")


@pytest.mark.parametrize(
    "pair",
    [
        (17, 256),
        (17, -1),
        (15, 128),
        (4, (9, b"\x00")),
        (25, b"\x00"),
        (0, 1),
        (8, 0),
        (19, []),
        (19, [(17, 1), (18, 1)]),
        (19, [(1, [])]),
        (19, [(1, [(17, 1), (18, 1)])]),
    ],
)
def test_values_that_do_not_fit_their_tag_are_our_mistake(pair: Pair) -> None:
    with pytest.raises(ValueError, match=r"."):
        axdr.encode(pair)


def _integers(size: int, *, signed: bool) -> st.SearchStrategy[int]:
    bits = 8 * size
    return st.integers(-(1 << bits - 1), (1 << bits - 1) - 1) if signed else st.integers(0, (1 << bits) - 1)


def _bit_strings() -> st.SearchStrategy[tuple[int, bytes]]:
    return st.binary(max_size=40).flatmap(
        lambda octets: st.integers(max(8 * len(octets) - 7, 0), 8 * len(octets)).map(lambda bits: (bits, octets))
    )


def _pairs() -> st.SearchStrategy[Pair]:
    plain: list[st.SearchStrategy[Pair]] = [
        st.just((0, None)),
        st.just((255, None)),
        st.tuples(st.just(3), st.booleans()),
        st.tuples(st.just(4), _bit_strings()),
        st.tuples(st.just(9), st.binary(max_size=200)),
        st.tuples(st.just(10), st.text(st.characters(max_codepoint=127), max_size=20)),
        st.tuples(st.just(12), st.text(max_size=20)),
        st.tuples(st.just(24), st.floats(allow_nan=False)),
        st.tuples(st.sampled_from([7, 23]), st.floats(allow_nan=False, width=32)),
        st.tuples(st.just(25), st.binary(min_size=12, max_size=12)),
    ]
    plain += [st.tuples(st.just(tag), _integers(size, signed=signed)) for tag, (size, signed) in axdr.INTEGERS.items()]
    return st.recursive(
        st.one_of(plain),
        lambda inner: st.tuples(st.sampled_from([1, 2]), st.lists(inner, max_size=5)),
        max_leaves=12,
    )


@given(_pairs())
def test_what_is_encoded_decodes_to_itself(pair: Pair) -> None:
    assert axdr.decode(axdr.encode(pair)) == pair


@given(st.lists(st.tuples(_integers(4, signed=False), st.binary(max_size=20), st.booleans()), min_size=1))
def test_compact_rows_decode_to_themselves(rows: list[tuple[int, bytes, bool]]) -> None:
    pair = (19, [(2, [(6, number), (9, octets), (1, [(3, flag), (3, flag)])]) for number, octets, flag in rows])
    assert axdr.decode(axdr.encode(pair)) == pair


@given(st.binary(max_size=300))
def test_any_octets_decode_or_are_malformed(octets: bytes) -> None:
    try:
        pair = axdr.decode(octets)
    except Malformed:
        return
    assert isinstance(pair[0], int)


def test_float_uses_ieee_754() -> None:
    assert axdr.encode((24, 0.1)) == b"\x18" + struct.pack(">d", 0.1)
