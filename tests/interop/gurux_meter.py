# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux server library, which is under GPL-2.0: this program carries its licence and runs by itself.
"""A meter made of the Gurux server classes, over TCP with ``wrapper`` or ``hdlc``; prints ``ready PORT``.

Started by ``test_interop_third_party_meter.py``. Frames, associations, reads, blocks, encodings and attributes are
those of the library. What it calls and does not have is completed here, and so are writes, methods and access rights.
"""

import asyncio
import sys
from typing import Any

from gurux_dlms.enums import InterfaceType
from gurux_meter_hdlc import LinkedMeter, next_frame  # type: ignore[import-not-found]  # beside it
from gurux_meter_objects import House  # type: ignore[import-not-found]  # beside this program, not in a package
from gurux_meter_server import HEADER_OCTETS, Meter  # type: ignore[import-not-found]  # beside it, too


class Connection(asyncio.Protocol):
    """One TCP connection: whole frames in, answers out."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.meters: dict[tuple[int, ...], Meter] = {}
        """One for each client, by the addresses of its frames."""
        self.waiting = bytearray()

    def connection_made(self, transport: Any) -> None:
        """Remember where answers go."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole frame."""
        self.waiting += data
        while taken := self.frame():
            who, frame = taken
            meter = self.meters.setdefault(who, self.meter())
            try:
                answer = meter.answer(frame)
            except Exception as problem:  # what the library cannot read it raises in many kinds
                print("not read:", frame.hex(" "), repr(problem), file=sys.stderr, flush=True)
                answer = b""
            self.transport.write(answer)

    def meter(self) -> Meter:
        """Return what a new client meets."""
        return Meter(self.house, InterfaceType.WRAPPER)

    def frame(self) -> tuple[tuple[int, ...], bytes] | None:
        """Take the next frame from what has come: version and addresses, and all of it."""
        if len(self.waiting) < HEADER_OCTETS:
            return None
        end = HEADER_OCTETS + int.from_bytes(self.waiting[6:8], "big")
        if len(self.waiting) < end:
            return None
        frame = bytes(self.waiting[:end])
        del self.waiting[:end]
        return tuple(frame[:6]), frame


class Linked(Connection):
    """The same with HDLC frames."""

    def meter(self) -> Meter:
        """Return what a new client meets."""
        return LinkedMeter(self.house)

    def frame(self) -> tuple[tuple[int, ...], bytes] | None:
        """Take the next frame from what has come."""
        frame: tuple[tuple[int, ...], bytes] | None = next_frame(self.waiting)
        return frame


async def serve(kind: type[Connection]) -> None:
    """Serve until the process is ended."""
    house = House()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: kind(house), "127.0.0.1", 0)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(serve({"wrapper": Connection, "hdlc": Linked}[sys.argv[1]])))
