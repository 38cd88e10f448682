"""The meter as a process: real sockets, a real pseudo terminal, real signals."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reference_meter.listen_url import CONTROL_FORMS, ListenUrl

AARQ = bytes.fromhex("601D A109060760857405080101 BE10040E 01000000065F1F0400 001E1D 0400")
GET_CLOCK = bytes.fromhex("C001C1 0008 0000010000FF 02 00")
GET_SERIAL = bytes.fromhex("C001C1 0001 0000600100FF 02 00")
CLOCK = bytes.fromhex("C401C100090C 07EA030201 0B000000FFC400")
SNRM = bytes.fromhex("7EA0070321930F017E")
UA_CONTROL = 0x73


@contextmanager
def meter(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    command = [sys.executable, "-m", "reference_meter", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            words = process.stdout.readline().split()
            assert words[:1] == ["ready"], process.stderr and process.stderr.read()
            yield process, words[1:]
        finally:
            process.terminate()
            process.wait(10)


def address(url: str) -> tuple[str, int]:
    host, _, port = url.rpartition("://")[2].rpartition(":")
    return host, int(port)


def wrapped(apdu: bytes) -> bytes:
    return bytes.fromhex("0001 0010 0001") + len(apdu).to_bytes(2, "big") + apdu


def received(line: socket.socket, octets: int) -> bytes:
    data = b""
    while len(data) < octets:
        piece = line.recv(octets - len(data))
        assert piece, data
        data += piece
    return data


def asked(line: socket.socket, apdu: bytes) -> bytes:
    line.sendall(wrapped(apdu))
    head = received(line, 8)
    return received(line, int.from_bytes(head[6:8], "big"))


def ordered(control: socket.socket, **request: object) -> dict[str, object]:
    control.sendall(json.dumps(request).encode() + b"\n")
    data = b""
    while not data.endswith(b"\n"):
        data += control.recv(4096)
    answer: dict[str, object] = json.loads(data)
    return answer


def test_all_doors_and_control_of_one_process(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    listens = ["tcp://127.0.0.1:0", "udp://127.0.0.1:0", "hdlc+tcp://127.0.0.1:0", f"pty://{link}"]
    arguments = [word for url in listens for word in ("--listen", url)]
    with meter(*arguments, "--control", "tcp://127.0.0.1:0") as (process, urls):
        tcp, udp, hdlc, pty, control_url = urls
        assert pty == f"pty://{link}"
        check_streams(tcp, hdlc, control_url.removeprefix("control="))
        check_datagrams(udp)
        check_terminal(link)
        check_terminal(link)  # closed and opened again
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert not link.is_symlink()
        assert process.stderr is not None
        assert process.stderr.read() == ""


def check_streams(tcp: str, hdlc: str, control_url: str) -> None:
    with (
        socket.create_connection(address(tcp), 5) as line,
        socket.create_connection(address(hdlc), 5) as other,
        socket.create_connection(address(control_url), 5) as control,
    ):
        assert asked(line, AARQ)[:1] == b"\x61"
        assert asked(line, GET_CLOCK) == CLOCK
        other.sendall(SNRM)
        assert received(other, 9)[5] == UA_CONTROL
        assert ordered(control, op="advance", seconds=60)["utc"] == "2026-03-02T10:01:00+00:00"
        assert asked(line, GET_CLOCK) == CLOCK.replace(b"\x0b\x00\x00\x00", b"\x0b\x01\x00\x00")
        control.sendall(b"no json\n")
        assert json.loads(control.recv(4096))["ok"] is False
        assert ordered(control, op="drop_links") == {"ok": True}
        assert line.recv(1) == b""
        assert other.recv(1) == b""
        assert ordered(control, op="fired") == {"ok": True, "fired": 0}


def check_datagrams(udp: str) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        for line in (one, two):
            line.settimeout(5)
            line.connect(address(udp))
        one.send(wrapped(AARQ))
        assert one.recv(2048)[8] == 0x61
        two.send(wrapped(GET_CLOCK))  # another peer has no association
        assert two.recv(2048)[8:] == bytes.fromhex("D80101")
        one.send(wrapped(GET_CLOCK))
        assert one.recv(2048)[8:14] == CLOCK[:6]


def check_terminal(link: Path) -> None:
    line = os.open(link, os.O_RDWR | os.O_NOCTTY)
    try:
        assert not termios.tcgetattr(line)[3] & (termios.ECHO | termios.ICANON)
        os.write(line, SNRM)
        data = b""
        while data.count(b"\x7e") < 2:
            assert select.select([line], [], [], 5)[0]
            data += os.read(line, 100)
        assert data[5] == UA_CONTROL
    finally:
        os.close(line)


def test_dropped_terminal_finds_a_fresh_link(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with (
        meter("--listen", f"pty://{link}", "--control", "tcp://127.0.0.1:0") as (_, urls),
        socket.create_connection(address(urls[1].removeprefix("control=")), 5) as control,
    ):
        for _ in range(20):
            check_terminal(link)
            assert ordered(control, op="drop_links") == {"ok": True}
            assert ordered(control, op="now")["ok"] is True


def free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    for first in range(21_000, 60_000, count):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


def test_many_meters_are_meters_of_their_own() -> None:
    first = free_ports(5)
    with meter("--listen", f"tcp://127.0.0.1:{first}", "--count", "5"):
        for number in (0, 4):
            with socket.create_connection(("127.0.0.1", first + number), 5) as line:
                asked(line, AARQ)
                assert asked(line, GET_SERIAL)[-8:] == b"0000000%d" % (number + 1)


def test_real_clock_follows_the_computer() -> None:
    with (
        meter("--listen", "tcp://127.0.0.1:0", "--control", "tcp://127.0.0.1:0", "--clock", "real") as (_, urls),
        socket.create_connection(address(urls[1].removeprefix("control=")), 5) as control,
    ):
        times = []
        for _ in range(2):
            shown = datetime.fromisoformat(str(ordered(control, op="now")["utc"]))
            assert abs((datetime.now(UTC) - shown).total_seconds()) < 2
            times.append(shown)
            time.sleep(0.3)
        assert 0.25 < (times[1] - times[0]).total_seconds() < 2


def test_deviation_and_variant_are_in_force() -> None:
    arguments = ["--variant", "slow", "--deviation", "clock-time-frozen", "--draw", "1"]
    with (
        meter("--listen", "tcp://127.0.0.1:0", "--control", "tcp://127.0.0.1:0", *arguments) as (_, urls),
        socket.create_connection(address(urls[0]), 5) as line,
        socket.create_connection(address(urls[1].removeprefix("control=")), 5) as control,
    ):
        began = time.monotonic()
        asked(line, AARQ)
        assert time.monotonic() - began > 0.7
        ordered(control, op="advance", seconds=60)
        assert asked(line, GET_CLOCK) == CLOCK
        assert ordered(control, op="fired") == {"ok": True, "fired": 1}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: --listen"),
        (["--listen", "tcp://127.0.0.1"], "cannot listen at 'tcp://127.0.0.1'; allowed: tcp://host:port, udp://"),
        (["--listen", "tcp://127.0.0.1:4059", "--fast"], "unrecognized arguments: --fast"),
        (["--listen", "tcp://127.0.0.1:0", "--control", "udp://127.0.0.1:0"], "allowed: tcp://host:port"),
        (["--listen", "tcp://127.0.0.1:0", "--variant", "x"], "unknown variant 'x'; allowed: default"),
        (["--listen", "tcp://127.0.0.1:0", "--deviation", "x"], "unknown deviation 'x'; allowed: "),
        (["--listen", "tcp://127.0.0.1:0", "--count", "2"], "leaves no room for 1 more ports"),
        (["--listen", "tcp://127.0.0.1:65535", "--count", "2"], "leaves no room for 1 more ports"),
        (["--listen", "pty:///tmp/x", "--count", "2"], "is for one meter only"),
        (["--listen", "tcp://127.0.0.1:0", "--count", "0"], "--count is from 1"),
        (["--listen", "tcp://127.0.0.1:0", "--clock", "sun"], "--clock"),
    ],
)
def test_wrong_arguments_get_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    from reference_meter.__main__ import main

    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 3
    output = capsys.readouterr()
    assert output.out == ""
    assert said in output.err
    assert output.err.count("\n") == 1


def test_port_in_use_gets_one_line(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "reference_meter", "--listen", f"pty://{link}"]
        command += ["--listen", f"tcp://127.0.0.1:{taken.getsockname()[1]}"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("reference_meter: ")
    assert ended.stderr.count("\n") == 1
    assert not link.is_symlink()


def test_terminal_does_not_replace_a_file(tmp_path: Path) -> None:
    (tmp_path / "meter").write_text("mine")
    command = [sys.executable, "-m", "reference_meter", "--listen", f"pty://{tmp_path / 'meter'}"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert (tmp_path / "meter").read_text() == "mine"


@pytest.mark.parametrize(
    "text",
    ["", "tcp://", "tcp://h", "tcp://h:x", "tcp://h:1/p", "tcp://u@h:1", "tcp://h:1?x=1", "pty://h/p", "pty:///"],
)
def test_wrong_url(text: str) -> None:
    with pytest.raises(ValueError, match="cannot listen at"):
        ListenUrl.parse(text)


def test_urls_both_ways() -> None:
    for text in ("tcp://127.0.0.1:4059", "hdlc+tcp://[::1]:4061", "udp://localhost:0", "pty:///dev/shm/m"):
        assert str(ListenUrl.parse(text)) == text
    with pytest.raises(ValueError, match="cannot listen"):
        ListenUrl.parse("udp://h:1", CONTROL_FORMS)
