"""A-XDR: COSEM values to octets and back, and rows of profiles as they arrive."""

from harness.protocol.axdr.content import MAX_DEPTH
from harness.protocol.axdr.decode import decode, pull_data
from harness.protocol.axdr.encode import encode
from harness.protocol.axdr.length import Truncated, pull_length, push_length
from harness.protocol.axdr.nulls import expand_nulls
from harness.protocol.axdr.row import Row
from harness.protocol.axdr.rows import RowReader
from harness.protocol.axdr.skip import skip
from harness.protocol.axdr.types import BitString, CompactArray, Data, DataType, TypeDescription

__all__ = [
    "MAX_DEPTH",
    "BitString",
    "CompactArray",
    "Data",
    "DataType",
    "Row",
    "RowReader",
    "Truncated",
    "TypeDescription",
    "decode",
    "encode",
    "expand_nulls",
    "pull_data",
    "pull_length",
    "push_length",
    "skip",
]
