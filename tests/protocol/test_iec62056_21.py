"""IEC 62056-21 in the harness: golden messages, strictness, properties and the reading of whole answers."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol.iec62056_21 import (
    ACK,
    AnswerReader,
    Awaited,
    Block,
    CommandFrame,
    DataSet,
    Dialogue,
    Event,
    Identification,
    OptionSelect,
    State,
    decode_block,
    from_even_parity,
    parse_data_sets,
    parse_readout,
    sign_on_request,
    to_even_parity,
)

VECTORS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "vectors" / "iec62056_21.toml").read_text(encoding="utf-8")
)["vector"]
PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
TEXT = st.text(PRINTABLE, max_size=60)
PART = st.text(st.sampled_from("0123456789ABCxyz.-: "), max_size=16)


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(one, id=one["name"]) for one in VECTORS if one["kind"] == kind]


@pytest.mark.parametrize("vector", of_kind("command"))
def test_commands(vector: dict[str, Any]) -> None:
    name = vector["command"]
    frame = CommandFrame(command=name[0], kind=name[1], data=vector.get("data"))
    assert frame.to_bytes() == bytes.fromhex(vector["hex"])
    assert decode_block(bytes.fromhex(vector["hex"])) == frame


@pytest.mark.parametrize("vector", of_kind("block"))
def test_blocks(vector: dict[str, Any]) -> None:
    block = Block(text=vector["text"])
    assert block.to_bytes() == bytes.fromhex(vector["hex"])
    assert decode_block(bytes.fromhex(vector["hex"])) == block
    assert block.alone == vector.get("error")


@pytest.mark.parametrize("vector", of_kind("request"))
def test_requests(vector: dict[str, Any]) -> None:
    assert sign_on_request(vector["address"]) == bytes.fromhex(vector["hex"])


@pytest.mark.parametrize("vector", of_kind("select"))
def test_option_selects(vector: dict[str, Any]) -> None:
    protocol, rate, mode = list(vector["select"])
    select = OptionSelect(protocol=protocol, rate=rate, mode=mode)
    assert select.to_bytes() == bytes.fromhex(vector["hex"])
    assert OptionSelect.from_bytes(bytes.fromhex(vector["hex"])) == select


@pytest.mark.parametrize("vector", of_kind("identification"))
def test_identifications(vector: dict[str, Any]) -> None:
    identification = Identification.from_bytes(bytes.fromhex(vector["hex"]))
    assert identification.to_bytes() == bytes.fromhex(vector["hex"])
    assert identification.manufacturer == vector["manufacturer"]
    assert identification.sequences == tuple(vector["sequences"])
    assert identification.name == vector["identification"]
    assert (identification.rate, identification.mode) == (vector["rate"], vector["mode"])
    assert identification.baud == 9600


def test_reaction_time_and_hdlc_are_announced() -> None:
    slow = Identification(manufacturer="CFM", rate="5", sequences=("2",), name="X")
    quick = Identification(manufacturer="CFm", rate="Z", name="X")
    assert (slow.shortest_reaction_s, slow.speaks_hdlc, slow.mode) == (0.2, True, "C")
    assert (quick.shortest_reaction_s, quick.speaks_hdlc, quick.mode, quick.baud) == (0.02, False, "A", 300)


@pytest.mark.parametrize("damage", range(1, 13))
def test_one_wrong_bit_is_seen_in_a_block(damage: int) -> None:
    good = bytearray(CommandFrame(command="R", kind="1", data="1.8.0()").to_bytes())
    good[damage] ^= 0x04
    with pytest.raises(DecodeError):
        decode_block(bytes(good))


@pytest.mark.parametrize(
    "octets",
    [b"", b"\x02\x03", b"/CFM5X\r\n", b"\x02A\x03\x42\x00", b"\x01R1\x04\x67", b"\x01Q1\x03\x63", b"\x02\x80\x03\x83"],
)
def test_what_is_no_block_is_refused(octets: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_block(octets)


@pytest.mark.parametrize(
    "octets", [b"/CF5X\r\n", b"/CFM5X\n", b"/CFM5" + b"X" * 17 + b"\r\n", b"/C1M5X\r\n", b"/CFM5!\r\n"]
)
def test_what_is_no_identification_is_refused(octets: bytes) -> None:
    with pytest.raises(DecodeError):
        Identification.from_bytes(octets)


@given(address=PART, value=PART, unit=st.none() | st.sampled_from(["kWh", "kW", "s", "m3"]))
def test_data_sets_survive(address: str, value: str, unit: str | None) -> None:
    one = DataSet(address=address, value=value, unit=unit)
    assert parse_data_sets(one.to_text() * 2) == (one, one)


def test_readout_with_unit_and_history() -> None:
    sets = parse_readout("F.F(00000000)\r\n1-0:1.8.0*255(000123.456*kWh)(240101)\r\n!\r\n")
    assert [one.address for one in sets] == ["F.F", "1-0:1.8.0*255", ""]
    assert sets[1].number == Decimal("123.456")
    assert (sets[1].resolution, sets[1].unit) == (Decimal("0.001"), "kWh")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.8.0(1)\r\n",
        "1.8.0(1)\r\n!",
        "1.8.0(1\r\n!\r\n",
        "1.8.0(1))\r\n!\r\n",
        "\r\n!\r\n",
        "(1)\r\n!\r\n",
        "a/b(1)\r\n!\r\n",
    ],
)
def test_what_is_no_readout_is_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        parse_readout(text)


@pytest.mark.parametrize("value", ["", "1.2.3", "1E3", "0x10", "NaN", " 1"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(DecodeError):
        _ = DataSet(address="1.8.0", value=value).number


@given(text=TEXT, noise=st.binary(max_size=8), cut=st.integers(0, 80))
def test_an_answer_is_read_in_pieces_and_behind_noise(text: str, noise: bytes, cut: int) -> None:
    clean = bytes(octet for octet in noise if octet not in (0x01, 0x02))
    octets = clean + Block(text=text).to_bytes()
    reader = AnswerReader(Awaited.BLOCK, largest_octets=1000)
    first = reader.receive_data(octets[:cut])
    answer = first if first is not None else reader.receive_data(octets[cut:])
    assert answer == Block(text=text)
    assert reader.before == clean


def test_an_acknowledgement_is_one_octet_and_a_repeated_select_a_line() -> None:
    assert AnswerReader(Awaited.REPLY, largest_octets=100).receive_data(ACK) == ACK
    reader = AnswerReader(Awaited.REPEATED_SELECT, largest_octets=100)
    assert reader.receive_data(ACK + b"25") is None
    assert reader.pending_octets == 3
    assert reader.receive_data(b"2\r\n") == OptionSelect(protocol="2", rate="5", mode="2")


def test_an_answer_without_an_end_is_given_up() -> None:
    reader = AnswerReader(Awaited.IDENTIFICATION, largest_octets=1000)
    with pytest.raises(DecodeError):
        reader.receive_data(b"/" + b"A" * 80)


@given(st.binary(max_size=40).map(lambda octets: bytes(octet & 0x7F for octet in octets)))
def test_parity_in_software_goes_both_ways(octets: bytes) -> None:
    assert from_even_parity(to_even_parity(octets)) == octets


def test_a_character_of_wrong_parity_is_marked() -> None:
    assert to_even_parity(b"/?!") == b"\xaf\x3f\x21"
    assert from_even_parity(b"\x2f") == b"\xaf"


class DialogueMachine(RuleBasedStateMachine):
    """Whatever is done, only the table leads on, and what it refuses changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.dialogue = Dialogue()

    @rule(event=st.sampled_from(list(Event)), ours=st.booleans())
    def happens(self, event: Event, ours: bool) -> None:
        before = self.dialogue.state
        refused = False
        try:
            self.dialogue.sent(event) if ours else self.dialogue.received(event)
        except ValueError:
            refused = ours
        except ProtocolViolation:
            refused = not ours
        assert not refused or self.dialogue.state is before
        if event is Event.BREAK:
            assert self.dialogue.state is State.SILENT

    @invariant()
    def commands_have_a_place_in_programming_mode_only(self) -> None:
        other = Dialogue()
        other.state = self.dialogue.state
        if other.state is not State.PROGRAMMING:
            with pytest.raises(ValueError, match="has no place"):
                other.sent(Event.COMMAND)


TestDialogue = DialogueMachine.TestCase
