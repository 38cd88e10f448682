# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux client library, which is under GPL-2.0: this program carries its licence and runs by itself.
"""Measures the Gurux client in a process of its own; prints one JSON object.

The same work as ``harness_client.py``: over Gurux's own media with its trace going into a file (``--media traced``),
over the same without trace (``--media gxnet``), or over a plain blocking socket (``--media socket``), which spares it
the thread and the events of its media.
"""

import argparse
import json
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from gurux_common import ReceiveParameters
from gurux_common.enums import TraceLevel
from gurux_common.IGXMediaListener import IGXMediaListener
from gurux_dlms import GXDLMSClient, GXReplyData
from gurux_dlms.enums import Authentication, Conformance, InterfaceType, Security
from gurux_dlms.GXByteBuffer import GXByteBuffer
from gurux_dlms.objects import GXDLMSProfileGeneric, GXDLMSRegister
from gurux_dlms.secure import GXDLMSSecureClient
from gurux_net import GXNet
from gurux_net.enums import NetworkType

_HEADER_OCTETS = 8
_WAIT_MS = 20_000
_LARGEST_RECEIVE_OCTETS = 65_536


class SocketMedia:
    """A blocking socket in place of the library's media."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def transact(self, client: Any, frame: Any, reply: Any) -> None:
        """Send a frame and hand over what comes until the library has a whole answer frame."""
        self._socket.sendall(bytes(frame))
        received = GXByteBuffer(self._socket.recv(_LARGEST_RECEIVE_OCTETS))
        while not client.getData(received, reply, None):
            received.set(self._socket.recv(_LARGEST_RECEIVE_OCTETS))

    def close(self) -> None:
        self._socket.close()


class TraceFile(IGXMediaListener):  # type: ignore[misc]  # the library has no type information
    """Writes what the media traces, a line at once as the harness does."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w", buffering=1)  # noqa: SIM115 (it lives as long as the connection)

    def onTrace(self, sender: object, e: object) -> None:  # noqa: N802 (the library's name)
        self._file.write(f"{e}\n")

    def onError(self, sender: object, ex: Exception) -> None:  # noqa: N802
        raise ex

    def onReceived(self, sender: object, e: object) -> None:  # noqa: N802
        """Nothing is received outside an exchange."""

    def onMediaStateChange(self, sender: object, e: object) -> None:  # noqa: N802
        """The trace tells it too."""

    def onPropertyChanged(self, sender: object, e: object) -> None:  # noqa: N802
        """Nothing changes."""


class GuruxMedia:
    """The library's own media, which receives in a thread."""

    def __init__(self, port: int, *, traced: bool) -> None:
        self._media = GXNet(NetworkType.TCP, "127.0.0.1", port)
        if traced:
            self._media.addListener(TraceFile())
            self._media.trace = TraceLevel.VERBOSE
        self._media.open()

    def transact(self, client: Any, frame: Any, reply: Any) -> None:
        """As above, by the number of octets that the library says are missing."""
        wanted = ReceiveParameters()
        wanted.waitTime = _WAIT_MS
        wanted.count = _HEADER_OCTETS
        received = GXByteBuffer()
        with self._media.getSynchronous():
            self._media.send(frame)
            self._receive(wanted, received)
            while not client.getData(received, reply, None):
                wanted.count = client.getFrameSize(received)
                self._receive(wanted, received)

    def _receive(self, wanted: Any, received: Any) -> None:
        wanted.reply = None
        if not self._media.receive(wanted):
            raise TimeoutError("nothing from the server")
        received.set(wanted.reply)

    def close(self) -> None:
        self._media.close()


def _media(options: argparse.Namespace) -> SocketMedia | GuruxMedia:
    if options.media == "socket":
        return SocketMedia(options.port)
    return GuruxMedia(options.port, traced=options.media == "traced")


def _plain(options: argparse.Namespace) -> Any:
    authentication = Authentication.LOW if options.password else Authentication.NONE
    return GXDLMSClient(True, options.client, 1, authentication, options.password or None, InterfaceType.WRAPPER)


def _ciphered(options: argparse.Namespace) -> Any:
    """A client of mechanism 5 that authenticates and encrypts everything."""
    client = GXDLMSSecureClient(True, options.client, 1, Authentication.HIGH_GMAC, None, InterfaceType.WRAPPER)
    ciphering = client.ciphering
    ciphering.security = Security.AUTHENTICATION_ENCRYPTION
    ciphering.systemTitle = bytes.fromhex(options.title)
    ciphering.blockCipherKey = bytes.fromhex(options.encryption_key)
    ciphering.authenticationKey = bytes.fromhex(options.authentication_key)
    ciphering.invocationCounter = options.counter
    client.proposedConformance |= Conformance.GENERAL_PROTECTION
    return client


class Session:
    """An association of the Gurux client."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.client = _ciphered(options) if options.ciphered else _plain(options)
        self.client.maxReceivePDUSize = options.pdu
        self.media = _media(options)
        self.client.parseAareResponse(self.answer(self.client.aarqRequest()).data)
        if options.ciphered:
            reply = self.answer(self.client.getApplicationAssociationRequest())
            self.client.parseApplicationAssociationResponse(reply.data)

    def answer(self, frames: list[Any]) -> Any:
        """Send the frames of a request and what asks for more, until the answer is whole."""
        reply = GXReplyData()
        for first in frames:
            frame = first
            while frame is not None:
                self.media.transact(self.client, frame, reply)
                frame = self.client.receiverReady(reply) if reply.isMoreData() else None
        return reply

    def end(self) -> None:
        self.answer(self.client.releaseRequest())
        self.media.close()


def measured(work: Callable[[], int]) -> dict[str, float]:
    """CPU and elapsed seconds for each unit of what ``work`` did."""
    wall, cpu = time.perf_counter(), time.process_time()
    units = work()
    return {"cpu_s": (time.process_time() - cpu) / units, "wall_s": (time.perf_counter() - wall) / units}


def gets(session: Session, count: int) -> int:
    """Read one register so often."""
    register = GXDLMSRegister("1.0.1.8.0.255")
    for _ in range(count):
        if not isinstance(session.answer(session.client.read(register, 2)).value, int):
            raise RuntimeError("no number came")
    return count


def rows(session: Session, expected: int) -> int:
    """Read the whole profile; one unit in all."""
    profile = GXDLMSProfileGeneric("1.0.99.1.0.255")
    value = session.answer(session.client.read(profile, 2)).value
    if sum(isinstance(row[0], bytes | bytearray) for row in value) != expected:
        raise RuntimeError(f"{len(value)} rows came, {expected} were due")
    return 1


def main() -> int:
    """Measure as often as asked and print every result."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=("get", "profile"))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--media", choices=("traced", "gxnet", "socket"), required=True)
    parser.add_argument("--client", type=int, default=16)
    parser.add_argument("--password", default="")
    parser.add_argument("--ciphered", action="store_true")
    for name in ("--title", "--encryption-key", "--authentication-key"):
        parser.add_argument(name, default="")
    # Both clients have one key, and each process begins above all that were before it, for a day.
    parser.set_defaults(counter=int(time.time() % 86_400 * 40_000))
    parser.add_argument("--pdu", type=int, default=0xFFFF)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--batches", type=int, default=5)
    options = parser.parse_args()
    session = Session(options)
    gets(session, min(options.count, 200))
    work = gets if options.work == "get" else rows
    results = [measured(lambda: work(session, options.count)) for _ in range(options.batches)]
    session.end()
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
