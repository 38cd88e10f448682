# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux client library, which is under GPL-2.0: this program carries its licence and runs by itself.
"""Measures Gurux's codec on the array of rows in ``--file`` (hex); prints one JSON object of seconds."""

import argparse
import json
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gurux_dlms import GXArray, GXDLMSClient, GXReplyData, GXStructure, GXUInt8, GXUInt16, GXUInt32
from gurux_dlms.enums import Authentication, DataType, InterfaceType
from gurux_dlms.GXByteBuffer import GXByteBuffer
from gurux_dlms.GXDLMSSettings import GXDLMSSettings
from gurux_dlms.internal._GXCommon import _GXCommon
from gurux_dlms.internal._GXDataInfo import _GXDataInfo

_GET_RESPONSE = bytes.fromhex("C401C100")
_OCTET_STRING = 9
_NUMBERS: dict[int, tuple[str, Any]] = {17: (">B", GXUInt8), 18: (">H", GXUInt16), 6: (">I", GXUInt32)}
_CLIENT_SAP = 16


def best(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds of the quickest round."""
    quickest = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        quickest = min(quickest, time.process_time() - began)
    return quickest


def typed(octets: bytes) -> Any:
    """Return the rows in the library's own types, which its encoder needs and its decoder does not give back."""
    rows, at = GXArray(), 4
    while at < len(octets):
        row = GXStructure()
        columns, at = octets[at + 1], at + 2
        for _ in range(columns):
            tag, at = octets[at], at + 1
            if tag == _OCTET_STRING:
                end = at + 1 + octets[at]
                row.append(bytearray(octets[at + 1 : end]))
                at = end
            elif tag in _NUMBERS:
                code, kind = _NUMBERS[tag]
                row.append(kind(struct.unpack_from(code, octets, at)[0]))
                at += struct.calcsize(code)
            else:
                row.append(None)
        rows.append(row)
    return rows


def decoded(octets: bytes) -> Any:
    return _GXCommon.getData(GXDLMSSettings(False, None), GXByteBuffer(octets), _GXDataInfo())


def encoded(rows: Any) -> bytes:
    buffer = GXByteBuffer()
    _GXCommon.setData(GXDLMSSettings(False, None), buffer, DataType.ARRAY, rows)
    return bytes(buffer.array())


def rows_of_answer(octets: bytes) -> Any:
    """Take a wrapper frame with a whole get-response."""
    client = GXDLMSClient(True, _CLIENT_SAP, 1, Authentication.NONE, None, InterfaceType.WRAPPER)
    apdu = _GET_RESPONSE + octets
    reply = GXReplyData()
    if not client.getData(struct.pack(">HHHH", 1, 1, _CLIENT_SAP, len(apdu)) + apdu, reply, None):
        raise RuntimeError("the library wants more octets")
    return reply.value


def main() -> int:
    """Check that decoding and encoding are right, then measure them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    octets = bytes.fromhex(options.file.read_text())
    rows = typed(octets)
    if encoded(rows) != octets or len(decoded(octets)) != len(rows) or len(rows_of_answer(octets)) != len(rows):
        raise RuntimeError("what is encoded differs from what was decoded")
    print(
        json.dumps(
            {
                "rows": len(rows),
                "decode": best(lambda: decoded(octets), options.rounds),
                "answer": best(lambda: rows_of_answer(octets), options.rounds),
                "encode": best(lambda: encoded(rows), options.rounds),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
