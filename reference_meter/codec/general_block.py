"""Blocks of the general block transfer, which carries any APDU in numbered parts."""

from dataclasses import dataclass

from reference_meter.codec.octets import OctetReader, encode_length

__all__ = ["GENERAL_BLOCK_TRANSFER", "GeneralBlock", "decode_general_block", "encode_general_block"]

GENERAL_BLOCK_TRANSFER = 0xE0

_LAST, _STREAMING, _WINDOW_MASK = 0x80, 0x40, 0x3F


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralBlock:
    """One block of an APDU."""

    last: bool
    streaming: bool
    """More blocks of the window follow without being asked for."""
    window: int
    """How many blocks the sender takes in a row."""
    number: int
    acknowledged: int
    """Number of the last block that the sender has received in sequence."""
    data: bytes


def encode_general_block(block: GeneralBlock) -> bytes:
    """Encode a block with its tag."""
    control = block.window | (_LAST if block.last else 0) | (_STREAMING if block.streaming else 0)
    return (
        bytes([GENERAL_BLOCK_TRANSFER, control])
        + block.number.to_bytes(2, "big")
        + block.acknowledged.to_bytes(2, "big")
        + encode_length(len(block.data))
        + block.data
    )


def decode_general_block(apdu: bytes) -> GeneralBlock:
    """Decode a block; octets left over are ``Malformed``."""
    reader = OctetReader(apdu)
    reader.expect(bytes([GENERAL_BLOCK_TRANSFER]), "general block transfer")
    control = reader.unsigned(1)
    number, acknowledged = reader.unsigned(2), reader.unsigned(2)
    data = reader.take(reader.length())
    reader.finish()
    return GeneralBlock(
        last=bool(control & _LAST),
        streaming=bool(control & _STREAMING),
        window=control & _WINDOW_MASK,
        number=number,
        acknowledged=acknowledged,
        data=data,
    )
