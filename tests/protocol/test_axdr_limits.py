import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.axdr import (
    BitString,
    CompactArray,
    Data,
    DataType,
    RowReader,
    TypeDescription,
    decode,
    encode,
    pull_length,
    push_length,
    skip,
)

ROW = bytes.fromhex("02 02 11 07 06 00 00 00 01")


def bomb(depth: int) -> bytes:
    return b"\x01\x01" * depth + b"\x00"


@pytest.mark.parametrize("depth", [1, 15, 16])
def test_nesting_up_to_the_limit_decodes(depth: int) -> None:
    assert encode(decode(bomb(depth))) == bomb(depth)
    assert skip(bomb(depth), 0) == len(bomb(depth))


@pytest.mark.parametrize("depth", [17, 100, 100_000])
def test_a_nesting_bomb_is_refused(depth: int) -> None:
    for read in (decode, lambda octets: skip(octets, 0), RowReader().feed):
        with pytest.raises(DecodeError):
            read(bomb(depth))


def test_the_limit_of_depth_is_the_callers() -> None:
    assert decode(bomb(20), max_depth=20).type is DataType.ARRAY
    with pytest.raises(DecodeError, match="too deep"):
        decode(bomb(2), max_depth=1)
    with pytest.raises(DecodeError, match="too deep"):
        skip(bomb(2), 0, max_depth=1)


def test_a_nesting_bomb_inside_a_row_is_refused() -> None:
    with pytest.raises(DecodeError, match="too deep"):
        RowReader().feed(b"\x01\x01\x02\x01" + bomb(15))
    assert len(RowReader().feed(b"\x01\x01\x02\x01" + bomb(14))) == 1


@pytest.mark.parametrize("max_depth", [0, 1])
def test_rows_need_a_depth_of_two(max_depth: int) -> None:
    with pytest.raises(DecodeError, match="too deep"):
        RowReader(max_depth).feed(b"\x01\x01" + ROW)


@pytest.mark.parametrize("tag", ["01", "02"])
def test_a_count_beyond_the_octets_is_refused_at_once(tag: str) -> None:
    octets = bytes.fromhex(tag + "84 FF FF FF FF 00 00")
    with pytest.raises(DecodeError, match="4294967295 elements"):
        decode(octets)
    with pytest.raises(DecodeError, match="4294967295 elements"):
        skip(octets, 0)


@pytest.mark.parametrize("tag", [8, 11, 14, 34, 254])
def test_an_unknown_tag_is_refused(tag: int) -> None:
    with pytest.raises(DecodeError, match="unknown type tag"):
        decode(bytes([tag, 0, 0, 0]))
    with pytest.raises(DecodeError, match="unknown type tag"):
        skip(bytes([tag, 0, 0, 0]), 0)
    with pytest.raises(DecodeError, match="unknown type tag"):
        RowReader().feed(bytes([1, 1, 2, 1, tag, 0]))


@pytest.mark.parametrize("octets", ["09 80", "09 85 00 00 00 00 01 41", "0A 01 E4", "0C 01 E4"])
def test_malformed_lengths_and_texts_are_refused(octets: str) -> None:
    with pytest.raises(DecodeError):
        decode(bytes.fromhex(octets))


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        ("13 13 00", "inside a type description"),
        ("13 01 FF FF 00 00", "elements without octets"),
        ("13 01 00 02 02 01 00 00", "elements without octets"),
        ("13 02 02 00 00 01 00", "rows take no octets"),
        ("13 02 01 06 03 00 00 00", "last row"),
        ("13 02 81 FF" + "11" * 0xFF + "00", "description of 258 octets"),
        ("13 02 84 FF FF FF FF 06 00", "4294967295 elements"),
        ("13" + "01 00 01" * 16 + "06 00", "too deep"),
        ("13" + "02 01" * 16 + "06 00", "too deep"),
        ("13 01 00", "cut short"),
    ],
)
def test_malformed_compact_arrays_are_refused(octets: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        decode(bytes.fromhex(octets))


def test_a_compact_array_below_too_many_arrays_is_skipped_no_more_than_decoded() -> None:
    octets = b"\x01\x01" * 16 + bytes.fromhex("13 06 04 00 00 00 01")
    for read in (decode, lambda given: skip(given, 0)):
        with pytest.raises(DecodeError, match="too deep"):
            read(octets)
    assert skip(octets[2:], 0) == len(octets) - 2


def described(kind: DataType, *elements: TypeDescription, count: int | None = None) -> TypeDescription:
    return TypeDescription(kind, elements, count)


UNSIGNED = described(DataType.UNSIGNED)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (DataType.UNSIGNED, 256),
        (DataType.UNSIGNED, "5"),
        (DataType.INTEGER, -129),
        (DataType.FLOAT32, 1e300),
        (DataType.BOOLEAN, 1),
        (DataType.NULL_DATA, 0),
        (DataType.OCTET_STRING, "text"),
        (DataType.VISIBLE_STRING, "³"),
        (DataType.VISIBLE_STRING, b"octets"),
        (DataType.BIT_STRING, b"\x80"),
        (DataType.DATE_TIME, bytes(11)),
        (DataType.DATE, "2024"),
        (DataType.ARRAY, [Data(DataType.NULL_DATA, None)]),
        (DataType.COMPACT_ARRAY, ()),
        (DataType.COMPACT_ARRAY, CompactArray(UNSIGNED, (Data(DataType.INTEGER, 1),))),
        (
            DataType.COMPACT_ARRAY,
            CompactArray(described(DataType.STRUCTURE, UNSIGNED), (Data(DataType.STRUCTURE, ()),)),
        ),
        (DataType.COMPACT_ARRAY, CompactArray(described(DataType.ARRAY, UNSIGNED), ())),
        (DataType.COMPACT_ARRAY, CompactArray(described(DataType.ARRAY, UNSIGNED, count=0x10000), ())),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_our_mistake(kind: DataType, value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        encode(Data(kind, value))


@pytest.mark.parametrize(
    "bad",
    [
        Data(DataType.UNSIGNED, 256),
        Data(DataType.DATE_TIME, bytes(11)),
        Data(DataType.OCTET_STRING, "text"),
        Data(DataType.BOOLEAN, 2),
        Data(DataType.FLOAT32, 1e300),
    ],
)
def test_a_wrong_cell_in_many_equal_rows_is_our_mistake(bad: Data) -> None:
    rows = tuple(Data(DataType.STRUCTURE, (bad,)) for _ in range(20))
    with pytest.raises(ValueError, match=r".+"):
        encode(Data(DataType.ARRAY, rows))


@given(st.integers(0, 0xFFFF_FFFF))
def test_lengths_come_back(length: int) -> None:
    octets = push_length(length)
    assert pull_length(octets, 0) == (length, len(octets))
    if length >= 0x80:
        with pytest.raises(DecodeError):
            pull_length(octets[:-1], 0)


@pytest.mark.parametrize("length", [-1, 1 << 32])
def test_impossible_lengths_are_our_mistake(length: int) -> None:
    with pytest.raises(ValueError, match="length"):
        push_length(length)


def test_bit_string_counts_bits_from_the_most_significant() -> None:
    bits = BitString(10, b"\xa5\x40")
    assert [bits[number] for number in range(10)] == [bit == "1" for bit in "1010010101"]
    with pytest.raises(IndexError):
        bits[10]
    with pytest.raises(ValueError, match="do not fill"):
        BitString(10, b"\xa5")


@given(st.binary(max_size=60))
def test_garbage_never_raises_anything_but_a_decode_error(octets: bytes) -> None:
    for read in (decode, lambda given: skip(given, 0), RowReader().feed):
        try:
            read(octets)
        except DecodeError:
            continue


@given(
    st.binary(max_size=40),
    st.sampled_from([b"\x01\x03\x02\x02", b"\x13\x02\x02", b"\x13\x02\x02\x09\x06", b"\x02\x05"]),
)
def test_garbage_behind_a_good_head_never_raises_anything_but_a_decode_error(octets: bytes, head: bytes) -> None:
    for read in (decode, lambda given: skip(given, 0), RowReader().feed):
        try:
            read(head + octets)
        except DecodeError:
            continue


@pytest.mark.parametrize("count", [1, 7, 8, 9, 64, 65, 200])
def test_many_equal_rows_encode_to_the_octets_by_the_tag_table(count: int) -> None:
    rows = tuple(
        Data(
            DataType.STRUCTURE,
            (
                Data(DataType.OCTET_STRING, bytes([number % 256] * 3)),
                Data(DataType.BOOLEAN, number % 2 == 0),
                Data(DataType.LONG_UNSIGNED, number),
                Data(DataType.TIME, bytes([number % 24, 0, 0, 0])),
            ),
        )
        for number in range(count)
    )
    due = b"".join(
        bytes([2, 4, 9, 3, *[number % 256] * 3, 3, 0 if number % 2 else 255, 18])
        + struct.pack(">H", number)
        + bytes([27, number % 24, 0, 0, 0])
        for number in range(count)
    )
    assert encode(Data(DataType.ARRAY, rows)) == b"\x01" + push_length(count) + due
