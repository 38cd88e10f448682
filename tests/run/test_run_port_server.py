"""HDLC and M-Bus behind a port server: real framing and parity, a break, and octets of unlike settings."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from serial import rfc2217

SNRM = bytes.fromhex("7EA0070321930F017E")
UA_CONTROL = 0x73
SND_NKE = bytes.fromhex("1040014116")
ACKNOWLEDGED = b"\xe5"
WAIT_S = 2.0


@contextmanager
def port_of(kind: str, **settings: object) -> Iterator[rfc2217.Serial]:
    command = [sys.executable, "-m", "reference_meter", "--listen", f"{kind}+rfc2217://127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            words = process.stdout.readline().split()
            assert words[:1] == ["ready"]
            port = rfc2217.Serial()
            port.port = f"rfc2217://{words[1].partition('://')[2]}"
            port.timeout = WAIT_S
            port.apply_settings(settings)
            port.open()
            try:
                yield port
            finally:
                port.close()
        finally:
            process.terminate()
            process.wait(10)


def answer(port: rfc2217.Serial, request: bytes) -> bytes:
    port.write(request)
    first: bytes = port.read(1)
    time.sleep(0.2)
    return first + port.read(port.in_waiting)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("wrong", "right"), [({"parity": "E"}, {"parity": "N"}), ({"baudrate": 2400}, {"baudrate": 9600})]
)
def test_hdlc_hears_its_own_settings_alone_and_lives_on(wrong: dict[str, object], right: dict[str, object]) -> None:
    with port_of("hdlc", baudrate=9600, bytesize=8, parity="N", stopbits=1) as port:
        assert UA_CONTROL in answer(port, SNRM)
        port.apply_settings(wrong)
        assert UA_CONTROL not in answer(port, SNRM)
        port.apply_settings(right)
        assert UA_CONTROL in answer(port, SNRM)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("wrong", "right"), [({"parity": "N"}, {"parity": "E"}), ({"baudrate": 9600}, {"baudrate": 2400})]
)
def test_a_slave_hears_its_own_settings_alone_and_lives_on(wrong: dict[str, object], right: dict[str, object]) -> None:
    with port_of("mbus", baudrate=2400, bytesize=8, parity="E", stopbits=1) as port:
        assert answer(port, SND_NKE) == ACKNOWLEDGED
        port.apply_settings(wrong)
        assert answer(port, SND_NKE) == b""
        port.apply_settings(right)
        assert answer(port, SND_NKE) == ACKNOWLEDGED


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("kind", "settings", "request_octets", "expected"),
    [
        ("hdlc", {"baudrate": 9600, "bytesize": 8, "parity": "N"}, SNRM, bytes([UA_CONTROL])),
        ("mbus", {"baudrate": 2400, "bytesize": 8, "parity": "E"}, SND_NKE, ACKNOWLEDGED),
    ],
)
def test_what_a_break_covers_is_lost_and_no_more(
    kind: str, settings: dict[str, object], request_octets: bytes, expected: bytes
) -> None:
    with port_of(kind, **settings) as port:
        port.break_condition = True
        assert answer(port, request_octets) == b""
        port.break_condition = False
        assert expected in answer(port, request_octets)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_break_at_the_local_port_destroys_the_sign_on_under_way() -> None:
    with port_of("optical", baudrate=300, bytesize=7, parity="E") as port:
        port.write(b"/?")
        for held in (True, False):
            port.break_condition = held
        port.timeout = 2.0
        port.write(b"!\r\n")
        assert port.read(1) == b""
        assert answer(port, b"/?!\r\n").startswith(b"/")
