"""Skipping rows of one shape in sweeps is as strict as skipping them one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.axdr import Truncated, decode, skip

ROW = bytes.fromhex("02 03 09 02 AABB 11 05 06 00000001")
OTHER = bytes.fromhex("02 03 09 01 AA 11 05 06 00000001")
NULLS = bytes.fromhex("02 03 00 11 05 06 00000001")
NESTED = bytes.fromhex("02 02 01 01 11 05 11 06")

TEXT_TYPES = (10, 12)


def array_of(rows: list[bytes]) -> bytes:
    return b"\x01\x81" + bytes([len(rows)]) + b"".join(rows)


@given(st.lists(st.sampled_from([ROW, OTHER, NULLS, NESTED]), max_size=40), st.binary(max_size=3))
def test_the_end_is_found_whatever_the_shapes(rows: list[bytes], behind: bytes) -> None:
    assert skip(array_of(rows) + behind, 0) == len(array_of(rows))


@given(st.integers(8, 40), st.data())
def test_a_row_cut_short_is_noticed(count: int, data: st.DataObject) -> None:
    octets = array_of([ROW] * count)
    cut = data.draw(st.integers(0, len(octets) - 1))
    with pytest.raises(Truncated):
        skip(octets[:cut], 0)


@given(st.integers(8, 40), st.data())
def test_an_octet_changed_anywhere_is_judged_as_by_decoding(count: int, data: st.DataObject) -> None:
    octets = bytearray(array_of([ROW] * count))
    # Text types are left out: decoding looks at their characters, skipping does not (the next test).
    changed = data.draw(st.integers(0, 30).filter(lambda octet: octet not in TEXT_TYPES))
    octets[data.draw(st.integers(0, len(octets) - 1))] = changed
    try:
        end = skip(bytes(octets), 0)
    except DecodeError:
        with pytest.raises(DecodeError):
            decode(bytes(octets))
    else:
        assert end <= len(octets)
        decode(bytes(octets[:end]))


def test_characters_of_texts_are_not_looked_at() -> None:
    text = bytes.fromhex("02 02 0A 01 FF 11 05")
    assert skip(array_of([text] * 20), 0) == len(array_of([text] * 20))


def test_rows_deeper_than_allowed_are_refused() -> None:
    octets = array_of([ROW] * 20)
    assert skip(octets, 0, max_depth=2) == len(octets)
    with pytest.raises(DecodeError, match="deep"):
        skip(octets, 0, max_depth=1)


def test_rows_of_very_many_columns_are_skipped() -> None:
    row = b"\x02\x82\x01\x2c" + b"\x00" * 300
    assert skip(array_of([row] * 10), 0) == len(array_of([row] * 10))
