"""How well the computer's clock is known: by a time server's answer, by the clock daemon's, or not at all."""

import socket
import struct
import threading
from collections.abc import Callable

import pytest

from harness.bench.computer_clock import ComputerClock, from_chrony, measure_clock, query_time_server

NOW = 1_800_000_000.0
TO_1970 = 2_208_988_800


def stamp(seconds: float) -> bytes:
    return struct.pack(">II", int(seconds) + TO_1970, int(seconds % 1 * 2**32))


def answer(first: int = 0x24, stratum: int = 2, heard: float = NOW + 2.5, said: float = NOW + 2.5) -> bytes:
    # Root delay and dispersion of 1/64 s each, in units of 2**-16 s.
    head = bytes([first, stratum, 0, 0]) + struct.pack(">II", 1024, 1024)
    return head + bytes(20) + stamp(heard) + stamp(said)


def ask(reply: bytes, now: Callable[[], float]) -> ComputerClock:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            _, address = server.recvfrom(512)
            server.sendto(reply, address)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            return query_time_server("127.0.0.1", port=server.getsockname()[1], now=now)
        finally:
            thread.join()


def test_offset_and_uncertainty_follow_from_the_four_times() -> None:
    times = iter((NOW, NOW + 1.0))
    measured = ask(answer(), lambda: next(times))
    assert measured.source == "127.0.0.1"
    assert measured.offset_s == pytest.approx(-2.0)
    assert measured.uncertainty_s == pytest.approx(2.0 + 0.5 + 1.5 / 64)


@pytest.mark.parametrize(
    "reply", [b"", answer()[:40], answer(first=0x23), answer(first=0xE4), answer(stratum=0), answer(stratum=16)]
)
def test_what_is_no_answer_of_a_synchronised_server_is_refused(reply: bytes) -> None:
    with pytest.raises(ValueError, match="time server"):
        ask(reply, lambda: NOW)


def test_without_anybody_to_ask_the_computer_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert measure_clock(None) == ComputerClock(source="unknown", offset_s=None, uncertainty_s=0.5)
    unreachable = measure_clock("no such server")
    assert (unreachable.source, unreachable.uncertainty_s) == ("unknown", 0.5)
    assert unreachable.problem is not None


def test_the_clock_daemon_tells_an_uncertainty() -> None:
    line = "C0000201,server,2,1800000000.1,-0.010,0.0001,0.0002,1.5,0.0,0.1,0.040,0.005,64.0,Normal\n"
    assert from_chrony(line).uncertainty_s == pytest.approx(0.035)
    for wrong in ("", line.replace("Normal", "Not synchronised")):
        with pytest.raises(ValueError, match="not synchronised"):
            from_chrony(wrong)
