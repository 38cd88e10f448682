"""Telegrams of real meters, whole and damaged."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.p1 import Address, Telegram, TelegramReader, crc16

FILE = Path(__file__).parents[1] / "vectors" / "p1.toml"
VECTORS: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["vector"]
DAMAGED: list[dict[str, Any]] = tomllib.loads(FILE.with_name("p1_damaged.toml").read_text("utf-8"))["vector"]
CHECKED = [one for one in VECTORS if one["checksum"]]


def octets_of(vector: dict[str, Any]) -> bytes:
    return str(vector["text"]).replace("\n", "\r\n").encode("ascii")


def named(vectors: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", vectors, ids=[one["name"] for one in vectors])


def test_checksum_of_the_nine_digits() -> None:
    assert crc16(b"123456789") == 0xBB3D


@named(VECTORS)
def test_published_telegram(vector: dict[str, Any]) -> None:
    telegram = Telegram.parse(octets_of(vector), checksum=vector["checksum"])
    for address, expected in vector["import_wh"].items():
        quantity = telegram.quantity(Address.parse(address))
        assert quantity is not None
        assert (quantity.in_base_unit, quantity.base_unit) == (Decimal(expected), "Wh")
    assert telegram.tariff == vector.get("tariff")
    assert telegram.version == vector.get("version")
    assert len(telegram.failures) == vector.get("failures", 0)
    readings = [str(reading.quantity.value.normalize()) for reading in telegram.sub_meters.values()]
    gas = vector.get("gas", [])
    assert readings == ([gas] if isinstance(gas, str) else gas)
    stamp = telegram.time
    assert (stamp and stamp.local.isoformat()) == vector.get("time")
    assert (stamp and stamp.summer) == vector.get("summer")


@named(CHECKED)
def test_each_damaged_octet_is_found(vector: dict[str, Any]) -> None:
    octets = octets_of(vector)
    for at in range(len(octets)):
        damaged = bytearray(octets)
        damaged[at] ^= 1 << at % 8
        with pytest.raises(DecodeError):
            Telegram.parse(bytes(damaged), checksum=True)


@named(DAMAGED)
def test_damage_is_called_what_it_is(vector: dict[str, Any]) -> None:
    with pytest.raises(DecodeError, match=re.escape(vector["said"])):
        Telegram.parse(bytes.fromhex(vector["hex"]), checksum=vector["checksum"])


@named(VECTORS)
def test_each_missing_octet_is_found(vector: dict[str, Any]) -> None:
    octets = octets_of(vector)
    for at in range(len(octets) if vector["checksum"] else 0):
        with pytest.raises(DecodeError):
            Telegram.parse(octets[:at] + octets[at + 1 :], checksum=True)
    with pytest.raises(DecodeError):
        Telegram.parse(octets.replace(b"\r\n", b"\n"), checksum=vector["checksum"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"\r\n\r\n", b"\r\n", "line 2"),
        (b"/TST5", b"/TS15", "line 1"),
        (b"0-0:96.14.0(0001)", b"0-0:96.14.0", "line 10"),
        (b"0-0:96.14.0(0001)", b"0-0:96.14.0(0001)x", "line 10"),
        (b"0-0:96.14.0(0001)", b"0-0:96.14.00(0001)", "line 10"),
        (b"0-0:96.14.0(0001)", b"0-0:96.14.0(T1)", "96.14.0"),
        (b"0-0:96.14.0(0001)", b"1-0:1.8.1(000001.000*kWh)", "twice"),
        (b"240101000000W", b"240230000000W", "1.0.0"),
        (b"240101000000W", b"240101000000X", "1.0.0"),
        (b"240101000000W", b"240101000000", "neither S nor W"),
        (b"(00.250*kW)", b"(00,250*kW)", "1.7.0"),
        (b"(00.250*kW)", b"(00.250)", "1.7.0"),
        (b"0001)", b"\x070001)", "0x07"),
        (b"0001)", b"\xe4001)", "0xe4"),
    ],
)
def test_says_where_it_is_wrong(old: bytes, new: bytes, said: str) -> None:
    octets = octets_of(VECTORS[-1]).replace(old, new)
    body = octets[: octets.rindex(b"!") + 1]
    with pytest.raises(DecodeError, match=said):
        Telegram.parse(body + f"{crc16(body):04X}\r\n".encode("ascii"), checksum=True)


def test_checksum_is_not_written_otherwise() -> None:
    octets = octets_of(VECTORS[-1])
    for other in (b"!6d69", b"!06D69", b"!", b"! 6D69"):
        with pytest.raises(DecodeError, match="checksum"):
            Telegram.parse(octets.replace(b"!6D69", other), checksum=True)
    with pytest.raises(DecodeError, match="nothing is due"):
        Telegram.parse(octets, checksum=False)


@given(cut=st.lists(st.integers(1, 400), min_size=1, max_size=20), rest=st.binary(max_size=40))
def test_telegrams_are_found_in_any_pieces(cut: list[int], rest: bytes) -> None:
    wanted = [octets_of(one) for one in CHECKED[:3]]
    stream = rest.replace(b"!", b"").replace(b"/", b"") + b"\r\n!0000\r\n" + b"".join(wanted)
    reader = TelegramReader()
    found: list[bytes] = []
    at = 0
    for length in [*cut, len(stream)]:
        found += reader.receive_data(stream[at : at + length])
        at += length
    assert found == wanted
    assert (reader.stray, reader.pending) == (b"", b"")


@pytest.mark.parametrize("answer", [b"/?!\r\n", b"/TST5\\2REFMETER-0001\r\n"])
def test_an_answer_between_telegrams_is_stray(answer: bytes) -> None:
    one = octets_of(VECTORS[-1])
    reader = TelegramReader()
    assert reader.receive_data(one + answer + one) == [one, one]
    assert reader.stray == answer


def test_a_telegram_that_lost_its_end_spoils_the_next_one() -> None:
    one = octets_of(VECTORS[-1])
    reader = TelegramReader()
    assert reader.receive_data(one + one[:100] + b"\r\n" + one) == [one, one[:100] + b"\r\n" + one]
    assert reader.stray == b""


def test_telegrams_with_wrong_line_ends_are_found_and_refused() -> None:
    one = octets_of(VECTORS[-1]).replace(b"\r\n", b"\n")
    assert TelegramReader().receive_data(one) == [one]
    with pytest.raises(DecodeError, match="CR LF"):
        Telegram.parse(one, checksum=True)


def test_octets_between_telegrams_are_stray() -> None:
    one = octets_of(VECTORS[-1])
    reader = TelegramReader()
    assert reader.receive_data(one + b"noise" + one) == [one, one]
    assert reader.stray == b"noise"


@pytest.mark.parametrize(
    "line",
    [
        "0-1:24.2.1(632525252525S)(00000.000)",
        "0-1:24.2.1(700101010000W)(00000000)",
        "0-1:24.2.1()()",
        "0-1:24.2.1()",
    ],
)
def test_a_meter_that_was_never_read_has_no_reading(line: str) -> None:
    octets = f"/TST5METER\r\n\r\n1-0:1.8.1(000001.000*kWh)\r\n{line}\r\n!\r\n".encode("ascii")
    assert Telegram.parse(octets, checksum=False).sub_meters == {}


@pytest.mark.parametrize("line", ["0-1:24.2.1(700101010000W)(00000007)", "0-1:24.2.1(240101010000W)()"])
def test_a_reading_has_a_number_and_a_unit(line: str) -> None:
    octets = f"/TST5METER\r\n\r\n1-0:1.8.1(000001.000*kWh)\r\n{line}\r\n!\r\n".encode("ascii")
    with pytest.raises(DecodeError):
        Telegram.parse(octets, checksum=False)
