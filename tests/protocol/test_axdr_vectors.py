import tomllib
from pathlib import Path
from typing import Any

import pytest

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
    pull_data,
    skip,
)

VECTORS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "vectors" / "axdr.toml").read_text(encoding="utf-8")
)["vector"]

every_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))

U32_U8 = TypeDescription(
    DataType.STRUCTURE, (TypeDescription(DataType.DOUBLE_LONG_UNSIGNED), TypeDescription(DataType.UNSIGNED))
)


def data_of(node: list[Any]) -> Data:
    kind = DataType[node[0].upper()]
    if kind in (DataType.ARRAY, DataType.STRUCTURE):
        return Data(kind, tuple(map(data_of, node[1:])))
    if kind in (DataType.NULL_DATA, DataType.DONT_CARE):
        return Data(kind, None)
    value = node[1]
    if kind is DataType.BIT_STRING:
        octets = int(value.ljust(-(-len(value) // 8) * 8, "0"), 2).to_bytes(-(-len(value) // 8), "big")
        return Data(kind, BitString(len(value), octets))
    if kind in (DataType.OCTET_STRING, DataType.DATE_TIME, DataType.DATE, DataType.TIME):
        return Data(kind, bytes.fromhex(value))
    return Data(kind, value)


def expected_of(vector: dict[str, Any]) -> Data:
    if "data" in vector:
        return data_of(vector["data"])
    rows = tuple(
        Data(DataType.STRUCTURE, (Data(DataType.DOUBLE_LONG_UNSIGNED, number), Data(DataType.UNSIGNED, 8)))
        for number in (1, 2)
    )
    return Data(DataType.COMPACT_ARRAY, CompactArray(U32_U8, rows))


@every_vector
def test_vector_decodes_to_its_value(vector: dict[str, Any]) -> None:
    assert decode(bytes.fromhex(vector["hex"])) == expected_of(vector)


@every_vector
def test_value_encodes_to_its_vector(vector: dict[str, Any]) -> None:
    assert encode(expected_of(vector)) == bytes.fromhex(vector["hex"])


@every_vector
def test_skip_finds_the_end_of_the_vector(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    assert skip(b"\xaa" + octets + b"\xaa", 1) == 1 + len(octets)
    assert pull_data(b"\xaa" + octets + b"\xaa", 1)[1] == 1 + len(octets)


@every_vector
def test_every_truncation_of_a_vector_is_refused(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    for length in range(len(octets)):
        with pytest.raises(DecodeError):
            decode(octets[:length])
        with pytest.raises(DecodeError):
            skip(octets[:length], 0)


@every_vector
def test_an_octet_behind_a_vector_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(DecodeError, match="behind the value"):
        decode(bytes.fromhex(vector["hex"]) + b"\x00")


def test_compact_array_gives_rows() -> None:
    reader = RowReader()
    rows = reader.feed(bytes.fromhex("13 02 02 06 11 0A 00 00 00 01 08 00 00 00 02 08"))
    reader.finish()
    assert rows == [((6, 17), (1, 8), ()), ((6, 17), (2, 8), ())]


@pytest.mark.parametrize(
    ("octets", "value"),
    [
        ("03 01", Data(DataType.BOOLEAN, True)),
        ("09 81 02 41 42", Data(DataType.OCTET_STRING, b"AB")),
        ("09 84 00 00 00 01 41", Data(DataType.OCTET_STRING, b"A")),
        ("07 3F C0 00 00", Data(DataType.FLOATING_POINT, 1.5)),
    ],
    ids=["true other than FF", "length in two octets", "length in five octets", "obsolete floating-point"],
)
def test_what_is_allowed_but_never_sent_decodes(octets: str, value: Data) -> None:
    assert decode(bytes.fromhex(octets)) == value
