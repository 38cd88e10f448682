"""Broken peers behind real TCP sockets: the same classes of errors, and never longer than the declared times."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.errors import ConnectionLost, Garbled, PortGone, ProtocolViolation, Silent
from harness.evidence.trace import Trace, read_trace
from harness.session import Conversation, DoorTiming, WrapperLink
from harness.transport.urls import TransportFactory

Peer = Callable[[socket.socket], None]

GET = bytes.fromhex("C001C100030100010800FF0200")
ANSWER = bytes.fromhex("0001 0001 0010 0009 C401C1000600000001")
SILENCE_S = 0.3


class QuickTiming(DoorTiming):
    """The times of a door, shorter than any real door's, so that real waiting stays short."""

    @property
    def silence_s(self) -> float:
        return SILENCE_S


def read_request(connection: socket.socket) -> None:
    got = b""
    while len(got) < 8 + len(GET):
        got += connection.recv(100)


def answering(octets: bytes) -> Peer:
    def peer(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(octets)
        connection.recv(1)

    return peer


def dripping(gap_s: float) -> Peer:
    def peer(connection: socket.socket) -> None:
        read_request(connection)
        for octet in ANSWER:
            connection.sendall(bytes([octet]))
            time.sleep(gap_s)

    return peer


def resetting(connection: socket.socket) -> None:
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closing_after(octets: bytes) -> Peer:
    def peer(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(octets)

    return peer


def flooding(octets: bytes) -> Peer:
    def peer(connection: socket.socket) -> None:
        read_request(connection)
        while True:
            connection.sendall(octets * 1000)

    return peer


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Callable[[Peer], Conversation]]:
    """Return a function that starts a peer and opens a conversation with it."""
    listener = socket.create_server(("127.0.0.1", 0))
    trace = Trace(tmp_path / "trace.jsonl")
    opened: list[Conversation] = []
    threads: list[threading.Thread] = []

    def serve(peer: Peer) -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                peer(connection)
            except OSError:
                return  # the harness has hung up, which ends every peer

    def start(peer: Peer) -> Conversation:
        threads.append(threading.Thread(target=serve, args=(peer,), daemon=True))
        threads[-1].start()
        port = listener.getsockname()[1]
        transport = TransportFactory().open(
            f"tcp://127.0.0.1:{port}", door_id="tcp", protocol="wrapper", connect_timeout_s=2.0, key="k", link=1
        )
        opened.append(
            Conversation(
                transport=transport,
                link=WrapperLink(client=16, server=1, datagrams=False),
                trace=trace,
                door="tcp",
                link_number=1,
                timing=QuickTiming(response_time_s=0.1, inactivity_timeout_s=1.0, repetitions=0),
                largest_apdu=0xFFFF,
            )
        )
        return opened[-1]

    yield start
    for conversation in opened:
        conversation.abandon()
    for thread in threads:
        thread.join(5.0)
    listener.close()
    trace.close()


@pytest.mark.parametrize(
    ("peer", "raised"),
    [
        (answering(b""), Silent),
        (answering(b"\x99" * 50), ProtocolViolation),
        (answering(ANSWER[:10]), Garbled),
        (closing_after(ANSWER[:10]), ConnectionLost),
        (closing_after(b""), ConnectionLost),
        (resetting, ConnectionLost),
        (dripping(0.2), Garbled),
        (answering(ANSWER.replace(b"\xc1", b"\xc2")), ProtocolViolation),
        (flooding(bytes.fromhex("0001 0001 0010 0008 0F00000001001101")), ProtocolViolation),
        (flooding(b"\x00\x01\x00\x01\x00\x10\xff\xff"), ProtocolViolation),
    ],
    ids=["silence", "noise", "half", "half-closed", "closed", "reset", "drip", "other-id", "notifications", "headers"],
)
def test_broken_peer_ends_the_exchange_in_time(
    talk: Callable[[Peer], Conversation], peer: Peer, raised: type[Exception]
) -> None:
    conversation = talk(peer)
    started = time.monotonic()
    with pytest.raises(raised):
        conversation.exchange(GET, 0xC1)
    assert time.monotonic() - started < 10 * SILENCE_S + 1.0


@pytest.mark.parametrize(
    "peer", [answering(ANSWER), dripping(0.01), closing_after(ANSWER)], ids=["whole", "drip", "then-closed"]
)
def test_sound_answer_is_taken(talk: Callable[[Peer], Conversation], peer: Peer) -> None:
    assert talk(peer).exchange(GET, 0xC1).octets == ANSWER[8:]


def test_answer_just_before_the_end_of_the_connection_is_taken_and_then_it_is_lost(
    talk: Callable[[Peer], Conversation], tmp_path: Path
) -> None:
    conversation = talk(closing_after(ANSWER))
    conversation.exchange(GET, 0xC1)
    with pytest.raises(ConnectionLost):
        conversation.exchange(GET, 0xC1)
    kinds = [record["kind"] for record in read_trace(tmp_path / "trace.jsonl")]
    assert kinds[:3] == ["apdu_tx", "tx", "rx"]
    assert kinds[-1] == "lost"


def test_port_that_nobody_listens_at_is_gone() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(PortGone):
        TransportFactory().open(
            f"tcp://127.0.0.1:{port}", door_id="d", protocol="wrapper", connect_timeout_s=1.0, key="k", link=1
        )
