from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol import mbus
from harness.protocol.mbus.quantity import quantity_of

GOOD = bytes.fromhex("68 06 06 68 53 FE 51 01 7A 05 22 16")
octets = st.integers(0, 255)


@pytest.mark.parametrize(
    ("hexed", "reason"),
    [
        ("", "no octets"),
        ("11", "start"),
        ("68 06 07 68 53 FE 51 01 7A 05 22 16", "differ"),
        ("68 02 02 68 53 FE 51 16", "at least 3"),
        ("68 06 06 69 53 FE 51 01 7A 05 22 16", "second start"),
        ("68 06 06 68 53 FE 51 01 7A 05 23 16", "checksum"),
        ("68 06 06 68 53 FE 51 01 7A 05 22 17", "stop"),
        ("68 06 06 68 53 FE 51 01 7A 05 22", "ends"),
        ("68 06 06 68 53 FE 51 01 7A 05 22 16 00", "after the frame"),
        ("10 40 01 42 16", "checksum"),
        ("10 40 01 41 68", "stop"),
        ("E5 E5", "after the frame"),
    ],
)
def test_wrong_frames_are_refused(hexed: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        mbus.frame_from_bytes(bytes.fromhex(hexed))


@given(position=st.integers(0, len(GOOD) - 1), value=octets)
def test_no_single_octet_can_be_changed(position: int, value: int) -> None:
    damaged = bytearray(GOOD)
    if damaged[position] == value:
        return
    damaged[position] = value
    with pytest.raises(DecodeError):
        mbus.frame_from_bytes(bytes(damaged))


@given(control=octets, address=octets, information=octets, data=st.binary(max_size=252), cut=st.data())
def test_a_frame_comes_back_however_it_is_cut(
    control: int, address: int, information: int, data: bytes, cut: st.DataObject
) -> None:
    frame = mbus.LongFrame(control=control, address=address, information=information, data=data)
    whole = frame.to_bytes()
    at = cut.draw(st.integers(0, len(whole) - 1))
    reader = mbus.FrameReader()
    assert reader.receive_data(whole[:at]) is None
    assert reader.receive_data(whole[at:]) == frame


def test_a_frame_takes_252_octets() -> None:
    with pytest.raises(ValueError, match="252"):
        mbus.LongFrame(control=0, address=0, information=0, data=bytes(253)).to_bytes()


@given(st.binary(max_size=80))
def test_records_decode_or_are_refused(data: bytes) -> None:
    try:
        found = mbus.records_from_bytes(data)
    except DecodeError:
        return
    length = sum(len(one.header) + len(one.raw) for one in found.records) + len(found.manufacturer_data)
    assert length <= len(data)


@pytest.mark.parametrize(
    ("hexed", "reason"),
    [
        ("04 03 00 00 00", "ends within integer"),
        ("04", "ends within value information"),
        ("84", "ends within extension"),
        ("3F 03", "reserved"),
        ("04 FD", "ends within extension"),
        ("84 80 80 80 80 80 80 80 80 80 80 00 03 00 00 00 00", "more than 10 extensions"),
        ("0D 78 F8 00", "reserved length"),
        ("42 6C 1F 12", "no date"),
    ],
)
def test_wrong_records_are_refused(hexed: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        mbus.records_from_bytes(bytes.fromhex(hexed))


@pytest.mark.parametrize(
    ("hexed", "said"),
    [
        ("0C 06 78 56 34 12", "energy = 12345678000 Wh"),
        ("0C 06 78 56 34 F2", "energy = -2345678000 Wh"),
        ("0C 06 FF FF FF FF", "energy = nothing Wh"),
        ("0A 06 0E 12", "energy = nothing Wh"),
        ("02 2B FF FF", "power = -1 W"),
        ("02 FD 17 FF FF", "error flags = 65535"),
        ("05 2B 00 00 C0 3F", "power = 1.5 W"),
        ("0D 78 03 43 42 41", "fabrication number = ABC"),
        ("0D 03 C2 34 12", "energy = 1234 Wh"),
        ("0D 03 D2 34 12", "energy = -1234 Wh"),
        ("0D 7E E2 34 12", "any = 34 12"),
        ("CC 80 10 06 01 00 00 00", "energy storage 1, tariff 4 = 1000 Wh"),
        ("02 FC 03 48 52 25 74 EE 01", "other = 4.94 %RH"),
        ("01 FB 00 05", "energy = 500000 Wh"),
        ("02 FF 93 00 01 00", "manufacturer specific = 1"),
        ("01 6F 05", "unknown 0x6f = 5"),
        ("00 03", "energy = nothing Wh"),
    ],
)
def test_values_of_all_codings(hexed: str, said: str) -> None:
    (record,) = mbus.records_from_bytes(bytes.fromhex(hexed)).records
    assert str(record) == said


def test_what_follows_the_records() -> None:
    more = mbus.records_from_bytes(bytes.fromhex("01 7A 05 1F"))
    assert (more.more_follows, more.manufacturer_data, len(more.records)) == (True, b"", 1)
    own = mbus.records_from_bytes(bytes.fromhex("2F 0F 01 02"))
    assert (own.more_follows, own.manufacturer_data) == (False, b"\x01\x02")


@pytest.mark.parametrize(
    ("hexed", "moment", "invalid"),
    [
        ("1A 2F 65 11", datetime(2011, 1, 5, 15, 26), False),
        ("9A 2F 65 11", datetime(2011, 1, 5, 15, 26), True),
        ("65 11", date(2011, 1, 5), False),
        ("1E 1A 0F", time(15, 26, 30), False),
        ("1E 1A 0F 65 11 00", datetime(2011, 1, 5, 15, 26, 30), False),
        ("00 00", None, False),
        ("FF FF", None, False),
        ("3F 1F FF FF", None, False),
        ("41 8C", None, False),
    ],
)
def test_dates(hexed: str, moment: object, invalid: bool) -> None:
    if hexed == "41 8C":
        with pytest.raises(DecodeError):
            mbus.date_time_from_bytes(bytes.fromhex("5F 12"))
        return
    read = mbus.date_time_from_bytes(bytes.fromhex(hexed))
    assert (read.moment, read.invalid) == (moment, invalid)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2080, 12, 31)))
def test_time_to_the_minute_comes_back(moment: datetime) -> None:
    assert mbus.date_time_from_bytes(mbus.type_f_to_bytes(moment)).moment == moment.replace(second=0, microsecond=0)


@given(st.binary(min_size=1, max_size=11))
def test_every_value_information_means_something_or_is_refused(fields: bytes) -> None:
    try:
        assert quantity_of(fields).name
    except DecodeError:
        assert fields[0] in (0xFB, 0xFD)


def test_the_frame_count_bit_changes_with_each_answered_request() -> None:
    bit = mbus.FrameCountBit()
    assert [bit.in_control(0x5B), bit.in_control(0x5B)] == [0x7B, 0x7B]
    bit.accepted()
    assert bit.in_control(0x5B) == 0x5B
    bit.reset()
    assert bit.in_control(0x53) == 0x73
