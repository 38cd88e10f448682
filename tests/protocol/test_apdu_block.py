import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError, ProtocolViolation
from harness.protocol.apdu import BlockReceiver, BlockStep, GeneralBlockTransfer, split_into_blocks, window_after

ONE_BLOCK = bytes.fromhex("E0 80 00 01 00 00 04 C5 01 C1 00")


def block(number: int, data: bytes, *, last: bool = False, streaming: bool = False) -> bytes:
    return GeneralBlockTransfer(
        last=last, streaming=streaming, window=3, block_number=number, block_number_ack=0, data=data
    ).to_bytes()


def acknowledgement(number: int, acknowledged: int) -> BlockStep:
    return BlockStep(reply=bytes([0xE0, 0x81, 0, number, 0, acknowledged, 0]))


def test_one_block_is_the_whole_apdu() -> None:
    assert BlockReceiver(max_octets=100).receive(ONE_BLOCK) == BlockStep(apdu=bytes.fromhex("C5 01 C1 00"))
    assert split_into_blocks(bytes.fromhex("C5 01 C1 00"), 100, 0)[0].to_bytes() == ONE_BLOCK


def test_the_end_of_a_window_is_acknowledged() -> None:
    receiver = BlockReceiver(max_octets=100, block_number=2)
    assert receiver.receive(block(1, b"ab", streaming=True)) == BlockStep()
    assert receiver.receive(block(2, b"cd")) == acknowledgement(2, 2)
    assert receiver.receive(block(3, b"ef")) == acknowledgement(3, 3)
    assert receiver.receive(block(4, b"", last=True)) == BlockStep(apdu=b"abcdef")


def test_a_lost_block_is_asked_for_again() -> None:
    receiver = BlockReceiver(max_octets=100)
    receiver.receive(block(1, b"a", streaming=True))
    assert receiver.receive(block(3, b"c", last=True)) == acknowledgement(1, 1)
    receiver.receive(block(2, b"b", streaming=True))
    assert receiver.receive(block(3, b"c", last=True)) == BlockStep(apdu=b"abc")


def test_a_repeated_block_counts_once() -> None:
    receiver = BlockReceiver(max_octets=100)
    assert receiver.receive(block(1, b"a")) == acknowledgement(1, 1)
    assert receiver.receive(block(1, b"a")) == acknowledgement(2, 1)
    assert receiver.receive(block(2, b"b", last=True)) == BlockStep(apdu=b"ab")


def test_after_a_silence_what_has_come_is_acknowledged() -> None:
    receiver = BlockReceiver(max_octets=100, window=5)
    receiver.receive(block(1, b"a", streaming=True))
    assert receiver.acknowledge() == bytes.fromhex("E0 85 0001 0001 00")


def test_blocks_that_never_go_on_are_a_violation() -> None:
    receiver = BlockReceiver(max_octets=100)
    for _ in range(24):
        receiver.receive(block(2, b"b"))
    with pytest.raises(ProtocolViolation, match="block 1 never"):
        receiver.receive(block(2, b"b"))


def test_an_apdu_without_end_is_refused() -> None:
    receiver = BlockReceiver(max_octets=5)
    receiver.receive(block(1, b"abc"))
    with pytest.raises(DecodeError, match="more than 5 octets"):
        receiver.receive(block(2, b"def"))


def test_malformed_blocks_are_refused() -> None:
    for octets in [ONE_BLOCK[:length] for length in range(len(ONE_BLOCK))] + [ONE_BLOCK + b"\0", b"\xc4"]:
        with pytest.raises(DecodeError):
            BlockReceiver(max_octets=100).receive(octets)


def test_a_block_says_what_it_is() -> None:
    assert split_into_blocks(b"abc", 8, 2)[0].describe() == (
        "general-block-transfer: block 1, streaming, window 2, acknowledges 0, 1 octet"
    )


def test_a_window_has_six_bits() -> None:
    with pytest.raises(ValueError, match="window of 64"):
        split_into_blocks(b"a", 100, 64)[0].to_bytes()


@pytest.mark.parametrize("max_octets", [0, 7])
def test_blocks_without_room_are_our_mistake(max_octets: int) -> None:
    with pytest.raises(ValueError, match="no data fits"):
        split_into_blocks(b"abc", max_octets, 1)


def test_more_blocks_than_numbers_are_our_mistake() -> None:
    assert len(split_into_blocks(bytes(65535), 8, 1)) == 65535
    with pytest.raises(ValueError, match="65536 blocks"):
        split_into_blocks(bytes(65536), 8, 1)


@pytest.mark.parametrize("max_octets", [8, 134, 135, 136, 137, 262, 263, 264, 265, 266])
def test_blocks_fill_what_the_other_side_takes(max_octets: int) -> None:
    sizes = [len(one.to_bytes()) for one in split_into_blocks(bytes(2000), max_octets, 1)]
    assert max(sizes) <= max_octets
    # Where the length field grows by an octet, one octet cannot be used.
    assert max(sizes) >= max_octets - 1


def test_acknowledging_what_was_not_sent_is_a_violation() -> None:
    with pytest.raises(ProtocolViolation, match="block 3 acknowledged, sent were 2"):
        window_after(split_into_blocks(b"ab", 8, 1), 3, 1)


@given(st.binary(max_size=300), st.integers(8, 60), st.integers(0, 6), st.lists(st.integers(0, 8), max_size=8))
def test_every_apdu_arrives_although_blocks_are_lost(
    apdu: bytes, max_octets: int, window: int, losses: list[int]
) -> None:
    blocks = split_into_blocks(apdu, max_octets, window)
    receiver = BlockReceiver(max_octets=len(apdu), window=window)
    sending = window_after(blocks, 0, window)
    assert sending == blocks[: max(1, window)]
    for lost in [*losses, *[None] * len(blocks)]:
        step = BlockStep()
        for number, one in enumerate(sending):
            if number != lost:
                step = receiver.receive(one.to_bytes())
        if step.apdu is not None:
            assert step.apdu == apdu
            return
        reply = GeneralBlockTransfer.from_bytes(step.reply or receiver.acknowledge())
        sending = window_after(blocks, reply.block_number_ack, window)
    pytest.fail("the APDU has not arrived")
