"""IEC 62056-21: the ASCII dialogue of the local port, octets in and messages out."""

from harness.protocol.iec62056_21.answer import AnswerReader, Awaited
from harness.protocol.iec62056_21.block import Block, BlockCheckWrong, CommandFrame, block_check, decode_block
from harness.protocol.iec62056_21.data_set import DataSet, parse_data_sets, parse_readout
from harness.protocol.iec62056_21.dialogue import Dialogue, Event, State
from harness.protocol.iec62056_21.parity import from_even_parity, to_even_parity
from harness.protocol.iec62056_21.sign_on import (
    ACK,
    NAK,
    START_BAUD,
    Identification,
    OptionSelect,
    rate_of,
    sign_on_request,
)

__all__ = [
    "ACK",
    "NAK",
    "START_BAUD",
    "AnswerReader",
    "Awaited",
    "Block",
    "BlockCheckWrong",
    "CommandFrame",
    "DataSet",
    "Dialogue",
    "Event",
    "Identification",
    "OptionSelect",
    "State",
    "block_check",
    "decode_block",
    "from_even_parity",
    "parse_data_sets",
    "parse_readout",
    "rate_of",
    "sign_on_request",
    "to_even_parity",
]
