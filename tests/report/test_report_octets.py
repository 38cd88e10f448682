"""Octets for people: marked, field by field, and never showing a secret."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report.mbus_octets import map_mbus
from harness.report.octets import Octets, octets_for_people
from harness.report.value_octets import value_parts

READ = "0001000100010009c401430006001eef9b"
RANGE = (
    "c001480007010063 0100ff02 0101 0204 0204 12 0008 0906 0000010000ff 0f02 120000"
    " 090c 07ea0302010c0f0000ffc400 090c 07ea030201080000 00ffc400 0100"
).replace(" ", "")


def shown(kind: str, data: str, **more: Any) -> Octets:
    found = octets_for_people({"n": 7, "kind": kind, "data": data, **more})
    assert found is not None
    return found


def marked(octets: Octets) -> list[str]:
    return [text for text, is_marked in octets.spans if is_marked]


def meanings(octets: Octets) -> dict[str, str]:
    return {row.name: row.meaning for row in octets.rows}


def test_value_of_an_answer_is_marked_and_read() -> None:
    found = shown("rx", READ)
    assert marked(found) == ["00 06 00 1e ef 9b"]
    assert meanings(found)["double-long-unsigned"] == "2027419"
    assert " ".join(text for text, _ in found.spans) == bytes.fromhex(READ).hex(" ")
    assert (found.number, found.length, found.text, found.deciphered) == (7, 17, None, False)


def test_what_a_request_selects_is_read() -> None:
    found = shown("apdu_tx", RANGE, security="c830")
    rows = {(row.start, row.end): (row.name, row.meaning) for row in found.rows}
    assert found.deciphered
    assert rows[3, 5] == ("class id", "7")
    assert rows[5, 11] == ("logical name (OBIS)", "1.0.99.1.0.255")
    assert rows[12, 14] == ("access or parameter", "selector 1")
    assert rows[14, 16] == ("structure", "of 4")
    assert rows[34, 48][1].endswith("as a time 2026-03-02 12:15:00 deviation -60 min status 00")
    assert rows[62, 64] == ("array", "of 0")


@pytest.mark.parametrize(
    ("data", "name", "meaning"),
    [
        ("c001c100010000010000ff0200", "access or parameter", "none"),
        ("c101c100080000010000ff020006000003e8", "double-long-unsigned", "1000"),
        ("c301c100460000600300ff01010f00", "integer", "0"),
        ("c701c100010006000003e8", "double-long-unsigned", "1000"),
        ("c401c10103", "data access result", "read-write-denied"),
        ("d80105", "service error", "deciphering-error"),
    ],
)
def test_what_the_services_say_is_marked(data: str, name: str, meaning: str) -> None:
    found = shown("apdu_rx", data)
    assert meanings(found)[name] == meaning
    assert next(row for row in found.rows if row.name == name).matters


def test_result_of_an_association_is_marked() -> None:
    data = "6129a109060760857405080101a203020101a305a10302010dbe10040e0800065f1f0400001e1d04000007"
    found = shown("apdu_rx", data)
    assert (meanings(found)["result"], meanings(found)["result-source-diagnostic"]) == ("1", "13")
    assert marked(found) == ["02 01 01", "a1 03 02 01 0d"]


def test_masked_octets_say_nothing() -> None:
    found = shown("tx", "7ea044030510b5c0e6e6006036a1090607608574050801018a0207808b0760857405080201ac0a8008" + "*" * 16)
    assert "**" in " ".join(text for text, _ in found.spans)
    data = (
        "6036a1090607608574050801018a0207808b0760857405080201ac0a8008"
        + "*" * 16
        + "be10040e01000000065f1f0400001e1d0400"
    )
    rows = {row.name: row for row in shown("apdu_tx", data).rows}
    assert rows["calling-authentication-value"].meaning == "a secret, masked when it was written"
    assert rows["calling-authentication-value"].octets == "80 08" + 8 * " **"


def test_frames_of_mbus_and_lines_of_text_are_read() -> None:
    assert meanings(shown("rx", "e5")) == {"acknowledgement": "the slave takes the request"}
    assert meanings(shown("tx", "1040014116"))["control"] == "0x40"
    assert meanings(shown("tx", "68040368730150c416"))["length"] == "4"
    assert shown("rx", "02284552303229031 7".replace(" ", "")).text == "·(ER02)··"
    assert shown("rx", b"/CFM5\r\n\r\n1-0:1.8.0(1*kWh)\r\n".hex()).text == "/CFM5\n\n1-0:1.8.0(1*kWh)\n"
    assert shown("rx", "0102030405").text is None


def test_records_of_a_slave_are_read() -> None:
    telegram = (
        "685454680801727856341 2cd0c010206000000 0403 78e11e00841003248b0f0084200354560f00042bb80b0000046d"
        "0a0b4233426c413344036aa41e00c41003385e0f00c4200332460f0004fd17000000000c7878563412c016"
    ).replace(" ", "")
    found = shown("rx", telegram)
    records = {row.octets: row.meaning for row in found.rows if row.name == "record"}
    assert records["04 03 78 e1 1e 00"].startswith("energy = 2023800")
    assert len(records) == 11
    assert {row.name: row.octets for row in found.rows}["identification"] == "78 56 34 12"
    enciphered = telegram.replace("02060000000403", "02060005050403")
    assert "data" in meanings(shown("rx", enciphered))


def test_long_messages_are_cut() -> None:
    found = shown("apdu_rx", "c401c100" + "01" + "81c8" + 200 * "1105")
    assert (len(found.rows), found.left_out) == (80, 125)
    assert octets_for_people({"n": 1, "kind": "quiet"}) is None


def test_value_that_cannot_be_read_is_told() -> None:
    assert list(value_parts(bytes.fromhex("0202 1105".replace(" ", ""))))[-1][2] == "not readable"
    assert list(value_parts(bytes.fromhex("110500")))[-1] == (2, 3, "left over", "1 octets behind the value")


@given(st.binary(max_size=80), st.sampled_from(["rx", "tx", "apdu_rx", "apdu_tx"]))
def test_any_octets_can_be_shown(octets: bytes, kind: str) -> None:
    found = octets_for_people({"n": 1, "kind": kind, "data": octets.hex()})
    if octets:
        assert found is not None
        assert " ".join(text for text, _ in found.spans) == octets.hex(" ")
        assert all(row.start <= row.end <= len(octets) for row in found.rows)


@given(st.binary(max_size=40))
def test_map_of_mbus_covers_whole_frames_or_nothing(octets: bytes) -> None:
    for candidate in (octets, b"\x68" + octets + b"\x16", b"\x68\x03\x03\x68" + octets + b"\x16"):
        found = map_mbus(candidate)
        assert not found or (found[0].start, found[-1].end) == (0, len(candidate))
