# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux client library, which is under GPL-2.0: this program carries its licence and runs by itself.
"""Reads a meter with the Gurux client and prints what it saw, one JSON object ``{"what", "value"}`` a line.

Started by ``test_interop_gurux.py``. Octet-strings are printed as hex, times as ISO 8601 with their offset.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from gurux_common import ReceiveParameters
from gurux_dlms import GXDateTime, GXDLMSClient, GXReplyData
from gurux_dlms.enums import Authentication, InterfaceType, ObjectType
from gurux_dlms.GXByteBuffer import GXByteBuffer
from gurux_dlms.objects import GXDLMSObject, GXDLMSProfileGeneric
from gurux_net import GXNet
from gurux_net.enums import NetworkType

_WAIT_MS = 10_000
_HDLC_FLAG = 0x7E
_WRAPPER_HEADER_OCTETS = 8
_SHORTEST_HDLC_OCTETS = 5
_DATE_TIME_OCTETS = 12


class Meter:
    """One connection of the Gurux client to a meter."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.hdlc = options.interface == "hdlc"
        self.client = GXDLMSClient(
            True,
            options.client,
            1,
            Authentication.LOW if options.password else Authentication.NONE,
            options.password,
            InterfaceType.HDLC if self.hdlc else InterfaceType.WRAPPER,
        )
        self.media = GXNet(NetworkType.TCP, options.host, options.port)

    def associate(self) -> None:
        """Connect, open the HDLC link where there is one, and associate."""
        self.media.open()
        if self.hdlc:
            self.client.parseUAResponse(self._exchange(self.client.snrmRequest()).data)
        self.client.parseAareResponse(self.answer(self.client.aarqRequest()).data)

    def release(self) -> None:
        """End the association, the link and the connection."""
        self.answer(self.client.releaseRequest())
        if self.hdlc:
            self._exchange(self.client.disconnectRequest())
        self.media.close()

    def get(self, requests: list[Any]) -> Any:
        """Return the value that the meter gives to one request; an error of the meter ends the program."""
        return self.answer(requests).value

    def answer(self, requests: list[Any]) -> Any:
        """Send the frames of one request and return the whole answer."""
        reply = GXReplyData()
        for frame in requests:
            reply.clear()
            self._exchange(frame, reply)
        return reply

    def _exchange(self, frame: Any, reply: Any = None) -> Any:
        """Send a frame and what asks for the parts after the first, until the answer is whole."""
        reply = GXReplyData() if reply is None else reply
        while frame is not None:
            self._transact(frame, reply)
            frame = self.client.receiverReady(reply) if reply.isMoreData() else None
        return reply

    def _transact(self, frame: Any, reply: Any) -> None:
        wanted = ReceiveParameters()
        wanted.waitTime = _WAIT_MS
        wanted.eop = _HDLC_FLAG if self.hdlc else None
        wanted.count = _SHORTEST_HDLC_OCTETS if self.hdlc else _WRAPPER_HEADER_OCTETS
        received = GXByteBuffer()
        with self.media.getSynchronous():
            self.media.send(frame)
            self._receive(wanted, received)
            while not self.client.getData(received, reply, None):
                if not self.hdlc:
                    wanted.count = self.client.getFrameSize(received)
                self._receive(wanted, received)

    def _receive(self, wanted: Any, received: Any) -> None:
        wanted.reply = None
        if not self.media.receive(wanted):
            raise TimeoutError(f"nothing from the meter in {_WAIT_MS} ms")
        received.set(wanted.reply)


def plain(value: Any) -> Any:
    """Return a decoded value in terms of JSON."""
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex()
    if isinstance(value, list | tuple):
        return [plain(element) for element in value]
    if isinstance(value, GXDateTime):
        return value.value.isoformat()
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def object_list(meter: Meter) -> list[list[Any]]:
    """Read the object list; class, logical name and version of each."""
    reply = meter.answer([meter.client.getObjectsRequest()])
    found = meter.client.parseObjects(reply.data, False, False)
    return [[int(one.objectType), one.logicalName, one.version] for one in found]


def attribute(meter: Meter, target: GXDLMSObject, index: int) -> tuple[Any, Any]:
    """Read an attribute; return it as it was decoded and as the library understands it."""
    value = meter.get(meter.client.read(target, index))
    decoded = plain(value)
    return decoded, meter.client.updateValue(target, index, value)


def readings(meter: Meter, options: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """Read everything that the options ask for."""
    found = object_list(meter)
    yield "objects", found
    clock = meter.client.createObject(ObjectType.CLOCK)
    clock.logicalName = options.clock
    decoded, understood = attribute(meter, clock, 2)
    yield "clock", decoded
    yield "clock_time", plain(understood)
    if options.register:
        register = meter.client.createObject(ObjectType.REGISTER)
        register.logicalName = options.register
        _, scaler_unit = attribute(meter, register, 3)
        yield "scaler_unit", [float(register.scaler), int(scaler_unit[1])]
        decoded, understood = attribute(meter, register, 2)
        yield "register", decoded
        yield "register_value", float(understood)
    if options.profile:
        yield from profile_readings(meter, options)


def profile_readings(meter: Meter, options: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """Read the columns of the profile, a range of its rows and some entries."""
    profile = GXDLMSProfileGeneric(options.profile)
    decoded, _ = attribute(meter, profile, 3)
    yield "columns", decoded
    decoded, _ = attribute(meter, profile, 4)
    yield "period", decoded
    start, stop = (datetime.fromisoformat(moment) for moment in options.range)
    yield "range", plain(meter.get(meter.client.readRowsByRange(profile, start, stop)))
    first, last = options.entries
    rows = meter.get(meter.client.readRowsByEntry(profile, first, last - first + 1))
    yield "entries", plain(rows)
    meter.client.updateValue(profile, 2, rows)
    yield "entry_times", [plain(row[0]) for row in profile.buffer]


def main() -> int:
    """Read and print; a traceback and another exit code than 0 where anything fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--interface", required=True, choices=("wrapper", "hdlc"))
    parser.add_argument("--client", required=True, type=int)
    parser.add_argument("--password", default="")
    parser.add_argument("--clock", required=True)
    parser.add_argument("--register")
    parser.add_argument("--profile")
    parser.add_argument("--range", nargs=2)
    parser.add_argument("--entries", nargs=2, type=int)
    options = parser.parse_args()
    meter = Meter(options)
    try:
        meter.associate()
        for what, value in readings(meter, options):
            print(json.dumps({"what": what, "value": value}), flush=True)
        meter.release()
    finally:
        meter.media.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
