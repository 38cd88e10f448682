"""The local port over real serial paths: a pseudo terminal at 300 baud with parity in software, and RFC 2217."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.checks.optical import in_base_units
from harness.declaration import parse_declaration, read_data
from harness.evidence.trace import Trace
from harness.headend.door_side import PlacedAt
from harness.headend.head_end import timing_of
from harness.headend.optical import OpticalPort
from harness.headend.optical.stimuli import heard_after_sign_on
from harness.protocol.iec62056_21 import Awaited, Dialogue, Event
from harness.transport.loop_device import LoopMaker
from harness.transport.loop_world import LoopWorld
from harness.transport.urls import TransportFactory
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration

DEVICE = Path(__file__).parents[2] / "devices" / "reference-loop.toml"
READOUT_S = 5 / 30 + 18 / 30 + 6 / 30
"""What request, identification and choice take at 300 baud, with ten bits a character."""


@contextmanager
def served(url: str) -> Iterator[str]:
    command = [sys.executable, "-m", "reference_meter", "--listen", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            words = process.stdout.readline().split()
            assert words[:1] == ["ready"]
            yield words[1]
        finally:
            process.terminate()
            process.wait(10)


def port_at(
    url: str, tmp_path: Path, makers: Mapping[str, LoopMaker] | None = None, **settings: Any
) -> tuple[OpticalPort, Trace]:
    data = read_data(DEVICE)
    data["bench"] |= {"control": "tcp://127.0.0.1:1"}
    (door,) = (one for one in data["doors"] if one["protocol"] == "iec62056_21")
    door["url"] = url
    door["iec62056_21"] |= settings
    declaration = parse_declaration(data, name="test")
    trace = Trace(tmp_path / "trace.jsonl")
    trace.begin("test")
    declared = declaration.door(door["id"])
    place = PlacedAt(
        declaration=declaration,
        door=declared,
        transports=TransportFactory(LoopWorld(makers=makers)),
        trace=trace,
        timing=timing_of(declared),
        clause="TR-Conf.05a",
        rest_for=time.sleep,
    )
    return OpticalPort(place), trace


def check(port: OpticalPort) -> None:
    """Read out, write with the password and be refused, all over the real line."""
    began = time.monotonic()
    readout = port.read_out()
    assert time.monotonic() - began >= READOUT_S
    assert readout.identification.name == "REFMETER-1"
    shown = readout.find("1.8.0")
    assert shown is not None
    assert shown.number > Decimal(1000)
    port.unlock()
    assert port.line.baud == 9600
    assert port.read("0.8.0").value == "0900"
    assert port.write("0.8.0", "0900").name == "ack"
    assert port.write("1.8.0", "0").name == "ER03"
    port.close_all()


def test_pseudo_terminal_with_parity_in_software(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with served(f"optical+pty://{link}"):
        port, trace = port_at(f"serial://{link}?baud=300", tmp_path, parity="software", rest_s=1.6)
        try:
            check(port)
            assert heard_after_sign_on(port, "wrong parity") == b""
            assert heard_after_sign_on(port, "another rate") == b""
        finally:
            port.line.close()
            trace.close()


def test_port_server_with_framing_and_parity_of_the_port(tmp_path: Path) -> None:
    with served("optical+rfc2217://127.0.0.1:0") as said:
        url = f"rfc2217://{said.partition('://')[2]}?baud=300&framing=7E1"
        port, trace = port_at(url, tmp_path, rest_s=1.6)
        try:
            check(port)
            assert heard_after_sign_on(port, "another rate") == b""
            assert port.sign_on().manufacturer == "CFM"
        finally:
            port.line.close()
            trace.close()


@pytest.mark.parametrize(("parity", "framing"), [("line", "8N1"), ("software", "7E1")])
def test_octets_of_unlike_settings_are_no_answer(tmp_path: Path, parity: str, framing: str) -> None:
    port, trace = port_at("loop://reference", tmp_path, parity=parity)
    try:
        port.line.set_baud(300)
        port.line.line.set_line(300, framing)
        port.line.send(b"/?!\r\n", "sign-on in another framing")
        assert b"/CFM" not in port.line.hear(5.0)
    finally:
        port.line.close()
        trace.close()


@pytest.mark.parametrize(
    ("change", "mode"),
    [
        ({"rate": "X"}, "A"),
        ({"rate": "E"}, "B"),
        ({"rate": "0"}, "C"),
        ({"full_codes": True}, "C"),
        ({"in_watt_hours": True}, "C"),
    ],
    ids=lambda value: str(value),
)
def test_meters_of_other_modes_and_forms_are_read_out(tmp_path: Path, change: dict[str, Any], mode: str) -> None:
    def made(options: Mapping[str, str]) -> Meter:
        configuration = MeterConfiguration()
        optical = replace(configuration.link.optical, **change)
        return Meter(replace(configuration, link=replace(configuration.link, optical=optical)))

    settings = {} if mode == "C" else {"programming": False, "hdlc": False}
    port, trace = port_at("loop://reference", tmp_path, {"reference": made}, **settings)
    try:
        readout = port.read_out()
        assert readout.identification.mode == mode
        shown = readout.find("1.8.0")
        assert shown is not None
        assert in_base_units(shown.number, shown.unit) == Decimal(2_023_800)
        assert port.answers(), port.last_failure
    finally:
        port.line.close()
        trace.close()


def test_a_link_that_was_left_behind_the_sign_on_is_ended_by_disc(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with served(f"optical+pty://{link}"):
        port, trace = port_at(f"serial://{link}?baud=300", tmp_path, parity="software", hdlc=True, rest_s=1.6)
        try:
            declared = next(one for one in parse_declaration(read_data(DEVICE), name="test").associations)
            sent = port.select(port.sign_on(), "2", "2", Event.SELECT_HDLC)
            port.line.answer(Awaited.REPEATED_SELECT, "the choice of HDLC", sent_octets=sent)
            conversation = port.line.go_over_to_hdlc(declared)
            port.dialogue = Dialogue()
            conversation.abandon()
            assert not port.answers()
            began = time.monotonic()
            assert port.recover()
            assert time.monotonic() - began < port.timing.inactivity_timeout_s
        finally:
            port.line.close()
            trace.close()
    assert "DISC at 9600 baud" in (tmp_path / "trace.jsonl").read_text("utf-8")
