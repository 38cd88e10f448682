"""Spoilt frames: just the wrong thing is wrong, and the scapy command gives exactly the same octets again."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.protocol.hdlc import Frame, FrameReader, FrameReceived
from harness.wire import layers
from harness.wire.dissection import FrameProtocol
from harness.wire.forge import Forged, forge
from harness.wire.recipe import Recipe, spoilt
from harness.wire.recipes import PARTS, draw_recipes, recipes_of

AARQ = bytes.fromhex("601DA109060760857405080101BE10040E01000000065F1F0400007E1FFFFF")
GET = bytes.fromhex("C001C100030100010800FF0200")
CIPHERED = bytes.fromhex("C81E3000000001" + "0102030405060708090A0B0C0D0E0F101112131415161718" + "19")
GENERAL = bytes.fromhex("DB084D4D4D0000BC614E1E3000000001" + "0102030405060708090A0B0C0D0E0F101112131415161718" + "19")
LLC = bytes.fromhex("E6E600")


def wrapped(apdu: bytes) -> bytes:
    return bytes.fromhex("000100100001") + len(apdu).to_bytes(2, "big") + apdu


def framed(apdu: bytes, control: int = 0x10) -> bytes:
    information = LLC + apdu if apdu else b""
    return Frame(
        destination=b"\x03", source=b"\x21", control=control, segmented=False, information=information
    ).to_bytes()


GOOD: list[tuple[bytes, FrameProtocol]] = [
    (wrapped(AARQ), "wrapper"),
    (wrapped(GET), "wrapper"),
    (wrapped(CIPHERED), "wrapper"),
    (wrapped(GENERAL), "wrapper"),
    (framed(AARQ), "hdlc"),
    (framed(GET), "hdlc"),
    (framed(b"", 0x93), "hdlc"),
]
NAMES: dict[str, Any] = {name: getattr(layers, name) for name in layers.__all__}


def made(frame: bytes, protocol: FrameProtocol, **recipe: Any) -> Forged:
    forged = forge(frame, protocol, Recipe(**recipe))
    assert forged is not None
    return forged


@pytest.mark.parametrize("part", PARTS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_every_recipe_changes_the_frame_and_its_command_gives_the_same_octets(part: str, data: st.DataObject) -> None:
    recipe = data.draw(recipes_of(part))
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe
    assert recipe.layer in recipe.describe()
    for frame, protocol in GOOD:
        forged = forge(frame, protocol, recipe)
        if forged is not None:
            assert forged.octets != frame
            assert eval(forged.command, dict(NAMES)) == forged.octets
            assert forged.tree


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_recipes_that_fit_a_frame_and_a_seed_gives_the_same_ones(part: str) -> None:
    recipes = draw_recipes(part, 40, 7)
    assert recipes == draw_recipes(part, 40, 7)
    assert recipes[:5] == draw_recipes(part, 5, 1)
    assert recipes != draw_recipes(part, 40, 8)
    assert len(set(recipes)) == len(recipes) > 20
    forged = [forge(frame, protocol, recipe) for recipe in recipes for frame, protocol in GOOD]
    assert sum(one is not None for one in forged) >= 20


def test_an_unknown_part_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no recipes for 'soup'"):
        draw_recipes("soup", 1, 1)


def test_a_spoilt_apdu_stands_in_a_sound_frame() -> None:
    forged = made(framed(GET), "hdlc", layer="apdu", field="octets", mutation="cut", at=5)
    (event,) = FrameReader().receive_data(forged.octets)
    assert isinstance(event, FrameReceived)
    assert event.frame.information == LLC + GET[:5]
    assert made(wrapped(GET), "wrapper", layer="apdu", field="octets", mutation="cut", at=5).octets == wrapped(GET[:5])


@pytest.mark.parametrize("field", ["hcs", "fcs"])
def test_a_wrong_check_sequence_is_the_only_wrong_thing(field: str) -> None:
    good = framed(GET)
    forged = made(good, "hdlc", layer="hdlc", field=field, mutation="flip", number=0x0100)
    different = [at for at, pair in enumerate(zip(forged.octets, good, strict=True)) if pair[0] != pair[1]]
    if field == "fcs":
        assert different == [len(good) - 2]  # high octet, in front of the flag
    else:
        assert different[0] == 7
        assert set(different[1:]) <= {len(good) - 3, len(good) - 2}  # the frame's own sequence fits again
    assert not any(isinstance(event, FrameReceived) for event in FrameReader().receive_data(forged.octets))


def test_a_wrong_address_has_right_check_sequences() -> None:
    forged = made(framed(GET), "hdlc", layer="hdlc", field="destination", mutation="set", octets=b"\x1b")
    (event,) = FrameReader().receive_data(forged.octets)
    assert isinstance(event, FrameReceived)
    assert event.frame.destination == b"\x1b"


def test_a_frame_without_such_a_layer_or_field_is_left_alone() -> None:
    set_fcs = Recipe(layer="hdlc", field="fcs", mutation="flip", number=1)
    assert forge(wrapped(GET), "wrapper", set_fcs) is None
    assert forge(framed(b"", 0x93), "hdlc", Recipe(layer="hdlc", field="hcs", mutation="flip", number=1)) is None
    assert forge(framed(b"", 0x93), "hdlc", Recipe(layer="apdu", field="tag", mutation="set", number=1)) is None
    assert forge(framed(GET), "hdlc", Recipe(layer="element", field="element", mutation="remove")) is None
    assert forge(wrapped(GET), "wrapper", Recipe(layer="llc", field="header", mutation="set")) is None
    assert forge(wrapped(GET), "wrapper", Recipe(layer="apdu", field="tag", mutation="set", number=0xC0)) is None


def test_lengths_around_an_element_fit_or_do_not_as_the_recipe_says() -> None:
    fitting = made(wrapped(AARQ), "wrapper", layer="element", field="contents", mutation="cut", at=4, fit=True)
    assert fitting.octets[8:] == bytes.fromhex("6018A10406076085") + AARQ[13:]
    stale = made(wrapped(AARQ), "wrapper", layer="element", field="contents", mutation="cut", at=4)
    assert stale.octets[8:] == bytes.fromhex("601DA10906076085") + AARQ[13:]


def test_octets_are_spoilt_as_recipes_say() -> None:
    def result(**how: Any) -> bytes | None:
        return spoilt(b"abcdef", Recipe(layer="apdu", field="octets", **how))

    assert result(mutation="cut", at=2) == b"ab"
    assert result(mutation="cut", at=6) is None
    assert result(mutation="set", octets=b"x") == b"x"
    assert result(mutation="insert", at=1, octets=b"xy") == b"axybcdef"
    assert result(mutation="remove", at=1, number=2) == b"adef"
    assert result(mutation="double", at=1, number=2) == b"abcbcdef"
    assert result(mutation="swap", at=1, number=2) == b"adebcf"
    assert result(mutation="flip", at=5, octets=b"\x01\x02") == b"abcdeg"
    assert result(mutation="flip", at=0, octets=b"\x00") is None


def test_parts_of_a_protection_are_spoilt_one_by_one() -> None:
    def spoilt_apdu(apdu: bytes, **how: Any) -> str:
        return made(wrapped(apdu), "wrapper", layer="apdu", **how).octets[8:].hex()

    assert spoilt_apdu(CIPHERED, field="security_control", mutation="set", number=0x10)[:14] == "c81e1000000001"
    assert spoilt_apdu(CIPHERED, field="invocation_counter", mutation="flip", number=3)[:14] == "c81e3000000002"
    assert spoilt_apdu(CIPHERED, field="length", mutation="set", number=0xFFFF)[:16] == "c882ffff30000000"
    assert spoilt_apdu(GENERAL, field="system_title", mutation="flip", octets=b"\xff")[:8] == "db08b24d"
    assert spoilt_apdu(GENERAL, field="title_length", mutation="set", number=7)[:6] == "db074d"
    assert spoilt_apdu(CIPHERED, field="protected", mutation="cut", at=2)[:20] == "c81e30000000010102"
