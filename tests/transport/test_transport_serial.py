import os
import select
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator

import pytest

from harness.errors import PortGone
from harness.transport.base import LineControl, Transport
from harness.transport.contract import Check, Pair, checks_for
from harness.transport.serial_line import FRAMINGS, SerialLine


class PtyPeer:
    """The master side of a pseudo-terminal; closing it is what an unplugged adapter looks like."""

    def __init__(self) -> None:
        self.master, self._slave = os.openpty()
        tty.setraw(self.master)
        self.path = os.ttyname(self._slave)
        self._threads: list[threading.Thread] = []

    def send(self, data: bytes) -> None:
        if len(data) <= 1024:
            os.write(self.master, data)
        else:
            self._threads.append(threading.Thread(target=self._write_all, args=(data,)))
            self._threads[-1].start()

    def _write_all(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.master, data) :]

    def receive(self, length: int) -> bytes:
        received = b""
        while len(received) < length and select.select([self.master], [], [], 1.0)[0]:
            received += os.read(self.master, length - len(received))
        return received

    def hang_up(self) -> None:
        for thread in self._threads:
            thread.join()
        for descriptor in (self._slave, self.master):
            if descriptor >= 0:
                os.close(descriptor)
        self._slave = self.master = -1


@pytest.fixture
def peer() -> Iterator[PtyPeer]:
    peer = PtyPeer()
    yield peer
    peer.hang_up()


@pytest.fixture
def line(peer: PtyPeer, open_url: Callable[[str], Transport]) -> Iterator[Transport]:
    transport = open_url(f"serial://{peer.path}?baud=115200")
    yield transport
    transport.close()


@pytest.mark.parametrize("check", checks_for("line"), ids=lambda check: check.name)
def test_serial_keeps_the_contract(check: Check, line: Transport, peer: PtyPeer) -> None:
    check(lambda name: Pair(transport=line, peer=peer, close=lambda: None))


def rate(peer: PtyPeer) -> int:
    speed: int = termios.tcgetattr(peer.master)[4]
    return speed


def test_rate_of_the_url_and_of_set_line_reach_the_port(line: Transport, peer: PtyPeer) -> None:
    assert rate(peer) == termios.B115200
    assert isinstance(line, LineControl)
    line.set_line(300, "8N1")
    assert rate(peer) == termios.B300


def test_rate_changes_only_after_everything_sent_has_left(line: Transport, peer: PtyPeer) -> None:
    assert isinstance(line, LineControl)
    line.set_line(2400, "8N1")
    line.send(bytes(24))
    begun = time.monotonic()
    line.set_line(9600, "8N1")
    assert 0.08 < time.monotonic() - begun < 0.5
    assert peer.receive(24) == bytes(24)


@pytest.mark.parametrize("framing", ["7E1", "8E1", "8O1", "7N1"])
def test_pty_carries_no_parity_and_no_seven_bits_and_that_is_said(
    framing: str, peer: PtyPeer, open_url: Callable[[str], Transport]
) -> None:
    with pytest.raises(PortGone, match=rf"serial port {peer.path}: "):
        open_url(f"serial://{peer.path}?baud=300&framing={framing}")
    line = open_url(f"serial://{peer.path}?baud=300&framing=8N1")
    assert isinstance(line, LineControl)
    with pytest.raises(PortGone, match=rf"serial port {peer.path}: "):
        line.set_line(300, framing)
    line.close()


def test_unknown_framing_is_our_mistake(line: Transport) -> None:
    assert isinstance(line, LineControl)
    with pytest.raises(ValueError, match="framing '8N3'; allowed: 8N1"):
        line.set_line(9600, "8N3")


def test_framings_are_those_of_a_uart() -> None:
    assert {"8N1", "7E1", "8E1", "7O1", "8N2"} < set(FRAMINGS)
    assert len(FRAMINGS) == 12


def test_echo_is_stripped(peer: PtyPeer, open_url: Callable[[str], Transport]) -> None:
    line = open_url(f"serial://{peer.path}?echo=strip")
    line.send(b"/?!\r\n")
    peer.send(peer.receive(5) + b"/ABC5")
    assert line.receive(line.now() + 1.0) == b"/ABC5"
    line.send(b"ping")
    peer.send(b"pong")
    assert line.receive(line.now() + 1.0) == b"pong"
    line.close()


def test_second_harness_on_the_line_is_refused(
    line: Transport, peer: PtyPeer, open_url: Callable[[str], Transport]
) -> None:
    with pytest.raises(PortGone, match="exclusively lock"):
        open_url(f"serial://{peer.path}")


def test_sending_into_a_port_that_vanished_is_port_gone(line: Transport, peer: PtyPeer) -> None:
    peer.hang_up()
    with pytest.raises(PortGone, match="serial port /dev/"):
        line.send(b"x")


def test_port_that_takes_nothing_does_not_hang_the_sender(peer: PtyPeer) -> None:
    from serial import Serial

    line = SerialLine(Serial(peer.path, 115200, timeout=0.02, write_timeout=0.1), name="stuck")
    begun = time.monotonic()
    with pytest.raises(PortGone, match="stuck: Write timeout"):
        line.send(bytes(200_000))
    assert time.monotonic() - begun < 1.5
    line.close()


@pytest.mark.parametrize("control", ["dtr", "rts"])
@pytest.mark.parametrize("level", ["on", "off"])
def test_control_lines_follow_the_url(
    control: str, level: str, peer: PtyPeer, open_url: Callable[[str], Transport]
) -> None:
    line = open_url(f"serial://{peer.path}?{control}={level}")
    assert isinstance(line, SerialLine)
    assert getattr(line._port, control) is (level == "on")
    line.close()
