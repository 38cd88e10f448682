import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.axdr import BitString, Data, DataType, Row, RowReader, decode, encode, push_length

TIME = bytes.fromhex("07E50603040E091700FFC400")

cells = st.one_of(
    st.just(Data(DataType.NULL_DATA, None)),
    st.just(Data(DataType.OCTET_STRING, TIME)),
    st.binary(max_size=3).map(lambda octets: Data(DataType.OCTET_STRING, octets)),
    st.just(Data(DataType.OCTET_STRING, bytes(200))),
    st.integers(0, 255).map(lambda number: Data(DataType.UNSIGNED, number)),
    st.integers(0, 0xFFFFFFFF).map(lambda number: Data(DataType.DOUBLE_LONG_UNSIGNED, number)),
    st.booleans().map(lambda value: Data(DataType.BOOLEAN, value)),
    st.sampled_from(["", "abc"]).map(lambda text: Data(DataType.VISIBLE_STRING, text)),
    st.sampled_from(["³", "xyz"]).map(lambda text: Data(DataType.UTF8_STRING, text)),
    st.sampled_from([BitString(0, b""), BitString(9, b"\x81\x80")]).map(lambda bits: Data(DataType.BIT_STRING, bits)),
    st.just(Data(DataType.STRUCTURE, (Data(DataType.UNSIGNED, 1), Data(DataType.ARRAY, ())))),
)
# A few shapes in long runs and mixed: what sweeps have to get right.
shapes = st.lists(cells, min_size=0, max_size=5)
buffers = st.lists(st.tuples(shapes, st.integers(1, 40)), max_size=6).map(
    lambda runs: tuple(Data(DataType.STRUCTURE, tuple(shape)) for shape, count in runs for _ in range(count))
)


def native(cell: Data) -> object:
    return cell if cell.type in (DataType.ARRAY, DataType.STRUCTURE, DataType.COMPACT_ARRAY) else cell.value


def rows_of(structures: tuple[Data, ...]) -> list[Row]:
    rows = []
    for structure in structures:
        assert isinstance(structure.value, tuple)
        types = tuple(int(cell.type) for cell in structure.value)
        rows.append(Row(types, tuple(map(native, structure.value))))
    return rows


def chunked(octets: bytes, borders: list[int]) -> list[bytes]:
    points = [0, *sorted(border % (len(octets) + 1) for border in borders), len(octets)]
    return [octets[start:stop] for start, stop in itertools.pairwise(points)]


def read(chunks: list[bytes]) -> list[Row]:
    reader = RowReader()
    rows = [row for chunk in chunks for row in reader.feed(chunk)]
    reader.finish()
    assert reader.received == len(rows)
    return rows


@given(buffers, st.lists(st.integers(0, 5000), max_size=20))
def test_rows_are_those_of_the_whole_value_wherever_the_borders_fall(
    structures: tuple[Data, ...], borders: list[int]
) -> None:
    octets = encode(Data(DataType.ARRAY, structures))
    assert decode(octets).value == structures
    assert read(chunked(octets, borders)) == rows_of(structures)


@given(buffers)
def test_rows_come_from_single_octets(structures: tuple[Data, ...]) -> None:
    octets = encode(Data(DataType.ARRAY, structures[:30]))
    assert read([octets[at : at + 1] for at in range(len(octets))]) == rows_of(structures[:30])


@given(buffers, st.data())
def test_a_value_cut_short_does_not_finish(structures: tuple[Data, ...], draw: st.DataObject) -> None:
    octets = encode(Data(DataType.ARRAY, structures))
    reader = RowReader()
    reader.feed(octets[: draw.draw(st.integers(0, len(octets) - 1))])
    with pytest.raises(DecodeError):
        reader.finish()


@given(buffers, st.booleans())
def test_octets_behind_the_last_row_are_refused_by_feed(structures: tuple[Data, ...], apart: bool) -> None:
    octets = encode(Data(DataType.ARRAY, structures))
    chunks = [octets, b"\x00"] if apart else [octets + b"\x00"]
    with pytest.raises(DecodeError, match="behind the last row"):
        read(chunks)


def test_rows_come_as_soon_as_their_octets_are_there() -> None:
    row = bytes.fromhex("02 02 11 07 06 00 00 00 01")
    reader = RowReader()
    assert (reader.feed(b"\x01\x82"), reader.announced) == ([], None)
    assert (reader.feed(b"\x01\x00" + row[:4]), reader.announced) == ([], 256)
    assert len(reader.feed(row[4:] + row[:8])) == 1
    assert len(reader.feed(row[8:] + row * 253)) == 254
    assert len(reader.feed(row)) == 1
    reader.finish()


def test_every_octet_that_is_equal_in_all_rows_is_looked_at() -> None:
    row = bytes.fromhex("02 03 09 0C") + TIME + bytes.fromhex("11 07 06 00 00 00 01")
    value = set(range(4, 16)) | {17, *range(19, 23)}
    for position in set(range(len(row))) - value:
        wrong = bytearray(row)
        wrong[position] ^= 0x40
        octets = b"\x01\x28" + row * 20 + bytes(wrong) + row * 19
        with pytest.raises(DecodeError):
            read([octets])


def test_lengths_longer_than_needed_are_read_like_others() -> None:
    row = bytes.fromhex("02 81 01 09 81 02 41 42")
    assert read([b"\x01\x14" + row * 20]) == [Row((9,), (b"AB",))] * 20


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        ("02 01 11 07", "where an array of rows is due"),
        ("01 01 11 07", "where the structure of a row is due"),
        ("01 01 02 01 08 00", "unknown type tag"),
        ("13 06 04 00 00 00 01", "rows of type"),
        ("13 02 01 00 01 00", "take no octets"),
        ("13 02 01 11 01 07 00", "behind the last row"),
        ("13 02 01 12 03 00 07 00", "last row"),
    ],
)
def test_what_is_no_array_of_rows_is_refused_at_once(octets: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        RowReader().feed(bytes.fromhex(octets))


def test_finish_says_what_is_missing() -> None:
    with pytest.raises(DecodeError, match="before its first row"):
        RowReader().finish()
    reader = RowReader()
    reader.feed(bytes.fromhex("01 03 02 01 11 07"))
    with pytest.raises(DecodeError, match="after 1 rows, 2 rows are missing"):
        reader.finish()
    reader = RowReader()
    reader.feed(bytes.fromhex("13 02 01 11 03 07"))
    with pytest.raises(DecodeError, match="after 1 rows, 2 octets of rows are missing"):
        reader.finish()


def test_an_unfinished_row_may_not_claim_all_memory() -> None:
    reader = RowReader(max_row_octets=100)
    reader.feed(bytes.fromhex("01 01 02 01 09 84 FF FF FF FF"))
    reader.feed(bytes(80))
    with pytest.raises(DecodeError, match="more than 100 octets"):
        reader.feed(bytes(80))


def test_a_huge_count_costs_nothing() -> None:
    reader = RowReader()
    assert len(reader.feed(bytes.fromhex("01 84 FF FF FF FF 02 01 11 07 02 01 11"))) == 1
    assert reader.announced == 0xFFFFFFFF


def test_a_sweep_of_texts_is_as_strict_as_a_row_by_itself() -> None:
    good = bytes.fromhex("02 02 0A 01 41 00")
    bad = bytes.fromhex("02 02 0A 01 E4 00")
    assert read([b"\x01\x0c" + good * 12]) == [Row((10, 0), ("A", None))] * 12
    with pytest.raises(DecodeError, match="ascii"):
        RowReader().feed(b"\x01\x0c" + good * 11 + bad)


@given(
    st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=2)), max_size=40),
    st.booleans(),
    st.lists(st.integers(0, 300), max_size=8),
)
def test_rows_of_a_compact_array_are_those_of_the_whole_value(
    given_rows: list[tuple[int, bytes]], varying: bool, borders: list[int]
) -> None:
    types: tuple[int, ...]
    if varying:
        head, types = "13 02 02 11 09", (17, 9)
        contents = b"".join(bytes([number, len(octets)]) + octets for number, octets in given_rows)
        due = [Row(types, row) for row in given_rows]
    else:
        head, types = "13 02 03 11 01 00 02 12 00", (17, 1, 0)
        contents = b"".join(bytes([number, 0, 1, 0, 2]) for number, _ in given_rows)
        pair = Data(DataType.ARRAY, (Data(DataType.LONG_UNSIGNED, 1), Data(DataType.LONG_UNSIGNED, 2)))
        due = [Row(types, (number, pair, None)) for number, _ in given_rows]
    octets = bytes.fromhex(head) + push_length(len(contents)) + contents
    assert read(chunked(octets, borders)) == due
    assert encode(decode(octets)) == octets


def test_fixed_rows_of_a_compact_array_are_swept() -> None:
    contents = b"".join(bytes([0, 0, 0, number, 8]) for number in range(200))
    octets = bytes.fromhex("13 02 02 06 11") + push_length(len(contents)) + contents
    assert read(chunked(octets, [100, 317, 318])) == [Row((6, 17), (number, 8)) for number in range(200)]
