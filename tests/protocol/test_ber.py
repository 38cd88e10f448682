import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol import ber


@pytest.mark.parametrize(
    ("octets", "tag", "content"),
    [
        ("02 01 05", 0x02, "05"),
        ("BE 81 01 00", 0xBE, "00"),
        ("BF 21 02 01 02", 0xBF21, "01 02"),
        ("04 00", 0x04, ""),
    ],
)
def test_elements_are_read(octets: str, tag: int, content: str) -> None:
    whole = bytes.fromhex(octets)
    assert ber.pull_element(b"\x00" + whole + b"\x00", 1) == (tag, bytes.fromhex(content), 1 + len(whole))


@pytest.mark.parametrize(
    "octets",
    ["", "02", "02 80", "02 82 01", "02 85 00 00 00 00 01 00", "02 02 00", "BF", "BF 81 01 00", "BF 1E 01 00"],
)
def test_malformed_elements_are_refused(octets: str) -> None:
    with pytest.raises(DecodeError):
        ber.pull_element(bytes.fromhex(octets), 0)


@given(st.sampled_from([0x04, 0x60, 0xBE, 0xBF21]), st.integers(0, 70_000).map(bytes))
def test_elements_come_back(tag: int, content: bytes) -> None:
    octets = ber.push_element(tag, content)
    assert ber.pull_elements(octets) == [(tag, content)]
    assert ber.only_element(octets, tag) == content


def test_only_element_is_alone_and_the_right_one() -> None:
    with pytest.raises(DecodeError, match="1 octets behind"):
        ber.only_element(bytes.fromhex("04 00 00"), 0x04)
    with pytest.raises(DecodeError, match="where 02 is due"):
        ber.only_element(bytes.fromhex("04 00"), 0x02)


@pytest.mark.parametrize(
    ("content", "value"),
    [("00", 0), ("0E", 14), ("7F", 127), ("00 80", 128), ("80", -128), ("FF", -1), ("FF 7F", -129)],
)
def test_integers_by_the_rules_of_ber(content: str, value: int) -> None:
    assert ber.integer_of(bytes.fromhex(content)) == value
    assert ber.push_integer(value) == bytes.fromhex(content)


@pytest.mark.parametrize("content", ["", "00 01", "FF FF"])
def test_integers_of_the_wrong_length_are_refused(content: str) -> None:
    with pytest.raises(DecodeError):
        ber.integer_of(bytes.fromhex(content))


@pytest.mark.parametrize(
    ("content", "text"),
    [("60 85 74 05 08 01 01", "2.16.756.5.8.1.1"), ("28", "1.0"), ("06", "0.6"), ("88 37 03", "2.999.3")],
)
def test_object_identifiers_by_the_rules_of_ber(content: str, text: str) -> None:
    assert ber.identifier_of(bytes.fromhex(content)) == text
    assert ber.push_identifier(text) == bytes.fromhex(content)


@pytest.mark.parametrize("content", ["", "60 85", "60 80 01"])
def test_malformed_object_identifiers_are_refused(content: str) -> None:
    with pytest.raises(DecodeError):
        ber.identifier_of(bytes.fromhex(content))


@pytest.mark.parametrize("text", ["2", "2.-1", "2.x"])
def test_what_is_no_object_identifier_is_our_mistake(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ber.push_identifier(text)
