import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.axdr import (
    BitString,
    CompactArray,
    Data,
    DataType,
    TypeDescription,
    decode,
    encode,
    pull_data,
    skip,
)

SIGNED = {
    DataType.INTEGER: 8,
    DataType.LONG: 16,
    DataType.DOUBLE_LONG: 32,
    DataType.LONG64: 64,
    DataType.DELTA_INTEGER: 8,
    DataType.DELTA_LONG: 16,
    DataType.DELTA_DOUBLE_LONG: 32,
}
UNSIGNED = {
    DataType.UNSIGNED: 8,
    DataType.LONG_UNSIGNED: 16,
    DataType.DOUBLE_LONG_UNSIGNED: 32,
    DataType.LONG64_UNSIGNED: 64,
    DataType.ENUM: 8,
    DataType.BCD: 8,
    DataType.DELTA_UNSIGNED: 8,
    DataType.DELTA_LONG_UNSIGNED: 16,
    DataType.DELTA_DOUBLE_LONG_UNSIGNED: 32,
}


@st.composite
def bit_strings(draw: st.DrawFn) -> BitString:
    bits = draw(st.integers(0, 300))
    octets = (bits + 7) // 8
    return BitString(bits, draw(st.binary(min_size=octets, max_size=octets)))


def fixed_octets(count: int) -> st.SearchStrategy[object]:
    return st.binary(min_size=count, max_size=count)


VALUES: dict[DataType, st.SearchStrategy[object]] = {
    DataType.NULL_DATA: st.none(),
    DataType.DONT_CARE: st.none(),
    DataType.BOOLEAN: st.booleans(),
    DataType.BIT_STRING: bit_strings(),
    DataType.OCTET_STRING: st.binary(max_size=300),
    DataType.VISIBLE_STRING: st.text(st.characters(max_codepoint=127), max_size=200),
    DataType.UTF8_STRING: st.text(max_size=100),
    DataType.FLOATING_POINT: st.floats(width=32, allow_nan=False),
    DataType.FLOAT32: st.floats(width=32, allow_nan=False),
    DataType.FLOAT64: st.floats(allow_nan=False),
    DataType.DATE_TIME: fixed_octets(12),
    DataType.DATE: fixed_octets(5),
    DataType.TIME: fixed_octets(4),
    **{kind: st.integers(-(1 << bits - 1), (1 << bits - 1) - 1) for kind, bits in SIGNED.items()},
    **{kind: st.integers(0, (1 << bits) - 1) for kind, bits in UNSIGNED.items()},
}

simple_types = st.sampled_from(sorted(VALUES))
column_types = st.sampled_from(sorted(set(VALUES) - {DataType.NULL_DATA, DataType.DONT_CARE}))


def values_of(kind: DataType) -> st.SearchStrategy[Data]:
    return VALUES[kind].map(lambda value: Data(kind, value))


descriptions = st.recursive(
    column_types.map(TypeDescription),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map(
            lambda elements: TypeDescription(DataType.STRUCTURE, tuple(elements))
        )
        | st.builds(lambda element, count: TypeDescription(DataType.ARRAY, (element,), count), inner, st.integers(1, 3))
    ),
    max_leaves=6,
)


@st.composite
def described(draw: st.DrawFn, description: TypeDescription) -> Data:
    if description.type is DataType.STRUCTURE:
        return Data(description.type, tuple(draw(described(element)) for element in description.elements))
    if description.type is DataType.ARRAY:
        wanted = description.elements * (description.count or 0)
        return Data(description.type, tuple(draw(described(element)) for element in wanted))
    return draw(values_of(description.type))


@st.composite
def compact_arrays(draw: st.DrawFn) -> Data:
    description = draw(descriptions)
    rows = draw(st.lists(described(description), max_size=4))
    return Data(DataType.COMPACT_ARRAY, CompactArray(description, tuple(rows)))


def nested(inner: st.SearchStrategy[Data]) -> st.SearchStrategy[Data]:
    return st.builds(
        lambda kind, elements: Data(kind, tuple(elements)),
        st.sampled_from([DataType.ARRAY, DataType.STRUCTURE]),
        st.lists(inner, max_size=10),
    )


any_data = st.recursive(simple_types.flatmap(values_of) | compact_arrays(), nested, max_leaves=20)


@given(any_data)
def test_what_is_encoded_decodes_to_the_same(data: Data) -> None:
    octets = encode(data)
    assert decode(octets) == data
    assert skip(octets, 0) == len(octets)
    assert pull_data(b"\x00" + octets + b"\x00", 1) == (data, 1 + len(octets))


@given(any_data, st.data())
def test_truncated_and_extended_values_are_refused(data: Data, draw: st.DataObject) -> None:
    octets = encode(data)
    length = draw.draw(st.integers(0, len(octets) - 1))
    with pytest.raises(DecodeError):
        decode(octets[:length])
    with pytest.raises(DecodeError):
        skip(octets[:length], 0)
    with pytest.raises(DecodeError):
        decode(octets + b"\x00")


@given(simple_types.flatmap(lambda kind: st.lists(values_of(kind), min_size=8, max_size=40)))
def test_one_column_in_many_rows_encodes_as_each_row_by_itself(cells: list[Data]) -> None:
    rows = tuple(Data(DataType.STRUCTURE, (cell,)) for cell in cells)
    assert encode(Data(DataType.ARRAY, rows)) == bytes([1, len(rows)]) + b"".join(map(encode, rows))


def test_not_a_number_decodes() -> None:
    value = decode(bytes.fromhex("17 7F C0 00 00")).value
    assert isinstance(value, float)
    assert math.isnan(value)
