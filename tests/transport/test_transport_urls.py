import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from harness.errors import PortGone, UsageError
from harness.transport import opener
from harness.transport.replay_run import ReplayRun
from harness.transport.urls import TransportFactory, check_url

GOOD = [
    "tcp://host:4059",
    "tcp://[::1]:4059",
    "udp://host:4059",
    "serial:///dev/ttyUSB0?baud=9600&framing=8N1&echo=strip&dtr=on&rts=off",
    "serial://COM3?framing=7E1",
    "rfc2217://host:2217?baud=300&framing=7E1",
    "replay://runs/2026-03-02-meter",
    "impaired+tcp://host:4059?split=3&join=0.05&delay=0.1&drop=0.01&flip=0.001&seed=1",
    "impaired+serial:///dev/ttyUSB0?baud=300&split=1",
]

WRONG = [
    (
        "ftp://host:1",
        "unknown scheme 'ftp'; allowed: impaired, loop, replay, rfc2217, serial, tcp, tcp-listen, udp, udp-listen",
    ),
    ("tcp://host:4059?timeout=3", "unknown key 'timeout' for scheme tcp; allowed: no key at all"),
    ("udp://host:4059?x=3", "unknown key 'x' for scheme udp"),
    ("tcp://host", "must be host:port"),
    ("udp://host:0", "must be host:port"),
    ("rfc2217://host", "must be host:port"),
    ("serial://?baud=300", "expected serial:///dev/"),
    ("serial:///dev/x?baud=fast", "key 'baud' has the value 'fast'; allowed: a whole number from 50 to 4000000"),
    ("serial:///dev/x?framing=9N1", "key 'framing' has the value '9N1'; allowed: 8N1, 8N2, 8E1"),
    ("serial:///dev/x?echo=yes", "key 'echo' has the value 'yes'; allowed: keep, strip"),
    ("serial:///dev/x?dtr=1", "key 'dtr' has the value '1'; allowed: on, off"),
    ("rfc2217://h:1?rts=1", "key 'rts' has the value '1'; allowed: on, off"),
    ("serial:///dev/x?parity=E", "unknown key 'parity' for scheme serial; allowed: baud, dtr, echo, framing, rts"),
    ("loop://", "expected loop://name"),
    ("loop://nobody", "unknown loop device 'nobody'"),
    ("replay://", "expected replay://folder"),
    ("replay://run?x=1", "unknown key 'x' for scheme replay; allowed: no key at all"),
    ("impaired://host:1", "wraps another"),
    ("impaired+tcp://host:1?split=0", "key 'split' has the value '0'; allowed: a whole number from 1 to"),
    ("impaired+tcp://host:1?drop=2", "key 'drop' has the value '2'; allowed: a number from 0 to 1"),
    (
        "impaired+tcp://host:1?dorp=0",
        "unknown key 'dorp' for scheme tcp; allowed: delay, drop, flip, join, seed, split",
    ),
    ("impaired+ftp://host:1", "unknown scheme 'ftp'"),
    ("tcp+udp://host:1", "wraps no other scheme"),
]


@pytest.mark.parametrize("url", GOOD)
def test_good_url_passes_the_check_unopened(url: str) -> None:
    check_url(url, "wrapper")


@pytest.mark.parametrize(("url", "message"), WRONG)
def test_wrong_url_names_itself_and_what_is_allowed(url: str, message: str) -> None:
    with pytest.raises(UsageError) as checked:
        check_url(url, "wrapper")
    with pytest.raises(UsageError) as opened:
        open_door(url)
    for said in (str(checked.value), str(opened.value)):
        assert message in said
        assert url in said


def open_door(url: str, factory: TransportFactory | None = None) -> object:
    return (factory or TransportFactory()).open(
        url, door_id="d", protocol="wrapper", connect_timeout_s=0.5, key="k", link=1
    )


def test_pyserial_is_imported_only_when_a_port_is_opened() -> None:
    script = (
        "import sys; from harness.transport.urls import check_url\n"
        "check_url('serial:///dev/x', 'hdlc'); check_url('rfc2217://h:1', 'hdlc')\n"
        "assert 'serial' not in sys.modules, 'pyserial was imported'"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_factory_takes_one_recorded_run(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "trace.jsonl").write_text("")
    factory = TransportFactory(replay=ReplayRun(tmp_path / "one"))
    with pytest.raises(UsageError, match="allowed: one recorded run at a time"):
        open_door(f"replay://{tmp_path / 'two'}", factory)


def test_two_packages_with_one_scheme_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [EntryPoint("tcp", f"package_{letter}:TCP", "conformeter.transports") for letter in "ab"]
    monkeypatch.setattr(opener, "entry_points", lambda group: entries)
    opener._schemes.cache_clear()
    try:
        with pytest.raises(UsageError, match="scheme tcp is offered twice, by package_a:TCP and package_b:TCP"):
            check_url("tcp://host:1", "wrapper")
    finally:
        opener._schemes.cache_clear()


def test_absent_serial_port_is_gone() -> None:
    with pytest.raises(PortGone, match="serial port /dev/no-such-port"):
        open_door("serial:///dev/no-such-port")
