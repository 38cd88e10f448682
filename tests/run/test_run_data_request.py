"""The data request of a consumer port: switched over RFC 2217; a pseudo-terminal has no line for it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.declaration import parse_declaration, read_data
from harness.errors import PortGone
from harness.evidence.trace import Trace
from harness.headend.consumer import ConsumerPort
from harness.headend.door_side import PlacedAt
from harness.headend.head_end import timing_of
from harness.transport.loop_world import LoopWorld
from harness.transport.urls import TransportFactory

DEVICE = Path(__file__).parents[2] / "devices" / "reference-loop.toml"


@contextmanager
def port_at(listen: str, url: str, tmp_path: Path) -> Iterator[ConsumerPort]:
    """A consumer's device at a served meter; ``{place}`` in the URL is where it listens."""
    command = [sys.executable, "-m", "reference_meter", "--listen", listen]
    trace = Trace(tmp_path / "trace.jsonl")
    trace.begin("test")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline().split()[1]
            data = read_data(DEVICE)
            data["bench"] |= {"control": "tcp://127.0.0.1:1"}
            (door,) = (one for one in data["doors"] if one["protocol"] == "p1")
            door["url"] = url.replace("{place}", said.partition("://")[2])
            declaration = parse_declaration(data, name="test")
            declared = declaration.door(door["id"])
            yield ConsumerPort(
                PlacedAt(
                    declaration=declaration,
                    door=declared,
                    transports=TransportFactory(LoopWorld()),
                    trace=trace,
                    timing=timing_of(declared),
                    clause="MF.2",
                    rest_for=time.sleep,
                )
            )
        finally:
            process.terminate()
            process.wait(10)
            trace.close()


def test_telegrams_stop_and_go_with_the_request_over_rfc_2217(tmp_path: Path) -> None:
    with port_at("p1+rfc2217://127.0.0.1:0", "rfc2217://{place}?baud=115200", tmp_path) as port:
        assert port.hear(2).last.error is None
        found = port.request(2, pause_s=2.5, amid=True)
        assert found.unasked == b""
        assert found.began_s < 1.7
        assert [one.error for one in found.heard.arrivals] == [None, None]


def test_a_pseudo_terminal_has_no_line_for_it(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with (
        port_at(f"p1+pty://{link}", f"serial://{link}?baud=115200", tmp_path) as port,
        pytest.raises(PortGone, match="has no line RTS, like every pseudo-terminal"),
    ):
        port.hear(1)
