"""Measures the harness's A-XDR codec on the array of rows in ``--file`` (hex); prints one JSON object of seconds."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from harness.protocol import apdu as xdlms
from harness.protocol import axdr

GET_RESPONSE = bytes.fromhex("C401C100")


def best(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds of the quickest round."""
    quickest = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        quickest = min(quickest, time.process_time() - began)
    return quickest


def rows_of(octets: bytes) -> list[axdr.Row]:
    reader = axdr.RowReader()
    rows = reader.feed(octets)
    reader.finish()
    return rows


def rows_of_answer(apdu: bytes) -> list[axdr.Row]:
    answer = xdlms.decode_answer(apdu)
    if not isinstance(answer, xdlms.GetResponseNormal) or answer.data is None:
        raise RuntimeError("no data")
    return rows_of(answer.data)


def main() -> int:
    """Check that decoding and encoding are right, then measure them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    octets = bytes.fromhex(options.file.read_text())
    data = axdr.decode(octets)
    if axdr.encode(data) != octets:
        raise RuntimeError("what is encoded differs from what was decoded")
    print(
        json.dumps(
            {
                "rows": len(rows_of(octets)),
                "decode": best(lambda: rows_of(octets), options.rounds),
                "answer": best(lambda: rows_of_answer(GET_RESPONSE + octets), options.rounds),
                "encode": best(lambda: axdr.encode(data), options.rounds),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
