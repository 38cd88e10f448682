"""Pushes of real meters, whole and damaged, and what keys do to them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol.p1 import Address
from harness.protocol.push import Envelope, EnvelopeReader, Layout, PushedList, PushReader, apdu_in_frames

FOLDER = Path(__file__).parents[1] / "vectors"
VECTORS: list[dict[str, Any]] = tomllib.loads((FOLDER / "push.toml").read_text("utf-8"))["vector"]
TITLE = bytes.fromhex("4D4D4D0000BC614E")
MESSAGE = bytes.fromhex("DB08 4D4D4D0000BC614E 1E 30 01234567 411312FF935A47566827C467BC 7D825C3BE4A77C3FCC056B6B")
"""The worked example of the Green Book in its general form; inside is a GET request."""
PLAIN = bytes.fromhex("C0010000080000010000FF0200")


def envelope(
    encryption_key: bytes = bytes(range(16)),
    authentication_key: bytes | None = bytes(range(0xD0, 0xE0)),
    system_title: bytes | None = TITLE,
) -> Envelope:
    return Envelope(encryption_key=encryption_key, authentication_key=authentication_key, system_title=system_title)


def layout_of(vector: dict[str, Any]) -> Layout:
    return Layout(form=vector["form"], objects=tuple(map(Address.parse, vector.get("objects", ()))))


def read(vector: dict[str, Any], octets: bytes) -> PushedList:
    return PushedList.parse(apdu_in_frames(octets), [layout_of(vector)])


def named(vectors: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", vectors, ids=[one["name"] for one in vectors])


@named(VECTORS)
def test_published_push(vector: dict[str, Any]) -> None:
    told = read(vector, bytes.fromhex(vector["hex"]))
    for address, expected in vector["quantities"].items():
        quantity = told.quantity(Address.parse(address))
        assert quantity is not None
        assert f"{quantity.value} {quantity.unit}" == expected
    stamp = told.time
    assert (stamp and stamp.local.replace(microsecond=0).isoformat()) == vector.get("time")
    assert (stamp and stamp.summer) == vector.get("summer")
    assert told.tariff == vector.get("tariff")


@named(VECTORS)
def test_each_damaged_octet_of_a_push_is_found(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    for at in range(1, len(octets) - 1):
        damaged = bytearray(octets)
        damaged[at] ^= 1 << at % 8
        with pytest.raises(DecodeError):
            read(vector, bytes(damaged))
        if octets[at] == 0x7E:
            continue  # neighbours may share a flag
        with pytest.raises(DecodeError):
            read(vector, octets[:at] + octets[at + 1 :])


@given(cut=st.lists(st.integers(1, 300), max_size=30), rest=st.binary(max_size=20))
def test_pushes_are_found_in_any_pieces(cut: list[int], rest: bytes) -> None:
    wanted = [bytes.fromhex(one["hex"]) for one in VECTORS]
    stream = rest.replace(b"\x7e", b"") + b"".join(wanted)
    reader, found, at = PushReader(), list[bytes](), 0
    for length in [*cut, len(stream)]:
        found += reader.receive_data(stream[at : at + length])
        at += length
    assert found == wanted
    assert (reader.stray, reader.pending) == (b"", b"")


def test_damaged_pushes_are_told_apart_from_noise() -> None:
    good = bytes.fromhex(VECTORS[0]["hex"])
    damaged = good[:40] + b"\x55" + good[41:]
    reader = PushReader()
    found = reader.receive_data(good + damaged + good + b"noise" + good)
    assert [one == good for one in found] == [True, False, True, True]
    assert reader.stray == b"noise"
    with pytest.raises(DecodeError):
        apdu_in_frames(found[1])


def test_a_push_of_which_the_begin_was_missed_is_passed_over() -> None:
    whole = bytes.fromhex(next(one["hex"] for one in VECTORS if "three frames" in one["name"]))
    second = whole.index(b"\x7e\x7e") + 1
    for begin in (10, second, second + 20):
        reader = PushReader()
        assert reader.receive_data(whole[begin:] + whole) == [whole]
        assert (reader.stray, reader.pending) == (b"", b"")
    assert PushReader().receive_data(whole + whole) == [whole, whole]


# What keys do


def test_worked_example() -> None:
    opened = envelope().open(MESSAGE)
    assert (opened.plain, opened.counter, opened.system_title) == (PLAIN, 0x01234567, TITLE)


def test_without_the_authentication_key_the_tag_is_passed_over() -> None:
    assert envelope(authentication_key=None, system_title=None).open(MESSAGE).plain == PLAIN


def test_other_keys_are_found() -> None:
    for other in (envelope(encryption_key=bytes(16)), envelope(authentication_key=bytes(16))):
        with pytest.raises(DecodeError, match="tag"):
            other.open(MESSAGE)


def test_another_title_and_less_protection_are_found() -> None:
    with pytest.raises(DecodeError, match="system title"):
        envelope(system_title=bytes(8)).open(MESSAGE)
    for control in (b"\x20", b"\x10", b"\x00"):
        with pytest.raises(DecodeError, match="where authenticated, encrypted is due"):
            envelope().open(MESSAGE[:11] + control + MESSAGE[12:])
    with pytest.raises(DecodeError, match="where encrypted is due"):
        envelope(authentication_key=None).open(MESSAGE[:11] + b"\x10" + MESSAGE[12:])
    with pytest.raises(DecodeError, match="general-glo"):
        envelope().open(b"\xdc" + MESSAGE[1:])
    with pytest.raises(DecodeError):
        envelope().open(MESSAGE + b"\x00")


@given(cut=st.lists(st.integers(1, 60), max_size=10), title=st.booleans())
def test_messages_are_found_in_any_pieces(cut: list[int], title: bool) -> None:
    stream, at = MESSAGE[20:] + MESSAGE + b"noise" + MESSAGE, 0
    reader, found = EnvelopeReader(TITLE if title else None), list[bytes]()
    for length in [*cut, len(stream)]:
        found += reader.receive_data(stream[at : at + length])
        at += length
    assert found == [MESSAGE, MESSAGE]
    assert (reader.stray, reader.pending) == (b"noise", b"")
