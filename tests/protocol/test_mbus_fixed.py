"""The fixed data structure of old M-Bus slaves: units, codings, what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol import mbus
from harness.protocol.mbus.fixed import records_of_fixed

IDENTIFICATION = bytes.fromhex("78 56 34 12")


def structure(status: int, units: tuple[int, int], first: bytes, second: bytes) -> bytes:
    return IDENTIFICATION + bytes((10, status, *units)) + first + second


@given(st.integers(-(1 << 31), (1 << 31) - 1), st.integers(0, 99_999_999))
def test_counters_are_binary_or_decimal_as_the_status_says(binary: int, decimal: int) -> None:
    octets = binary.to_bytes(4, "little", signed=True)
    _, first, second = records_of_fixed(structure(0x01, (0x05, 0x17), octets, octets)).records
    assert (first.quantity.name, first.value, second.quantity.name) == ("energy", binary * 1000, "power")
    digits = bytes.fromhex(f"{decimal:08d}")[::-1]
    _, first, _ = records_of_fixed(structure(0x00, (0x2C, 0x3F), digits, digits)).records
    assert (first.quantity.unit, first.value) == ("m3", Fraction(decimal))


def test_both_counters_may_be_stored_ones() -> None:
    records = records_of_fixed(structure(0x02, (0x02, 0x29), bytes(4), bytes(4))).records
    assert [one.storage for one in records] == [0, 1, 1]


def test_a_minus_sign_and_no_number() -> None:
    _, first, second = records_of_fixed(structure(0, (0x02, 0x02), b"\x07\x00\x00\xf0", b"\x0a\x00\x00\x00")).records
    assert (first.value, second.value) == (-7, None)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        structure(0, (2, 2), bytes(4), bytes(3)),
        structure(0, (2, 2), bytes(4), bytes(5)),
        b"\xaa" + structure(0, (2, 2), bytes(4), bytes(4))[1:],
        structure(0, (0x3E, 2), bytes(4), bytes(4)),
    ],
)
def test_what_is_no_such_structure_is_refused(octets: bytes) -> None:
    with pytest.raises(DecodeError):
        records_of_fixed(octets)


def test_the_coding_of_counters_is_no_error_of_the_application() -> None:
    data = structure(0x01 | 0x08, (2, 2), bytes(4), bytes(4))
    frame = mbus.LongFrame(control=0x08, address=1, information=0x73, data=data)
    telegram = mbus.telegram_of(frame)
    assert isinstance(telegram, mbus.Telegram)
    assert telegram.header.status == mbus.Status.PERMANENT_ERROR
    assert telegram.header.access_number == 10
