"""No key in any file of a run folder, at any moment: whatever fails, and also when the run is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.evidence.secret_search import search_for_secrets
from harness.report.allure_pages import AllureOutcome
from harness.report.pages import build_report
from harness.run import conduct as composition
from harness.run import execution
from harness.run.conduct import RunSettings
from harness.run.run import Run
from reference_meter.deviations.family import wrap
from reference_meter.loop import make
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair, octet_string
from reference_meter.security.store import KeySet

ROOT = Path(__file__).resolve().parents[2]
Maker = Callable[[Mapping[str, str]], Meter]
UNICAST = bytes.fromhex("c9a1f07be35d4286911fa4d07e68b352")
BROADCAST = bytes.fromhex("5be84f21d39c07a6e2f45d98b1c3706a")
AUTHENTICATION = bytes.fromhex("e7135ac880fb264d9e61b7f20c94d83e")
MASTER = bytes.fromhex("92d47bf60a1ec583d7204e9fb86135ac")
READING, MANAGING = b"q7Vx-29tLz", b"Wm4k!Zp81rT"
KEYS = {
    "000102030405060708090A0B0C0D0E0F": UNICAST,
    "0F0E0D0C0B0A09080706050403020100": BROADCAST,
    "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF": AUTHENTICATION,
    "101112131415161718191A1B1C1D1E1F": MASTER,
}
SECRETS = (*KEYS.values(), READING, MANAGING)


def with_known_keys(configuration: MeterConfiguration) -> MeterConfiguration:
    """The meter with our keys in place of those that everybody knows."""
    security = configuration.security
    assert security is not None
    keys = KeySet(unicast=UNICAST, broadcast=BROADCAST, authentication=AUTHENTICATION, master=MASTER)
    passwords = {b"reading1": READING, b"manage-1": MANAGING}
    clients = tuple(replace(one, secret=passwords.get(one.secret, one.secret)) for one in configuration.clients)
    return replace(configuration, security=replace(security, keys=keys), clients=clients)


def make_meter(options: Mapping[str, str]) -> Meter:
    return make(options, adapt=with_known_keys)


def make_talkative_meter(options: Mapping[str, str]) -> Meter:
    """A meter that tells everybody its passwords and keys."""
    meter = make_meter(options)

    def get(original: Callable[..., Pair], client: int, class_id: int, obis: bytes, attribute: int, *more: Any) -> Pair:
        told = {(15, 7): MANAGING, (64, 2): UNICAST, (64, 3): MASTER}.get((class_id, attribute))
        return original(client, class_id, obis, attribute, *more) if told is None else octet_string(told)

    wrap(meter.model, "get", get)
    return meter


def declaration(folder: Path, *, deviation: str = "", changed: Mapping[str, str] | None = None) -> Path:
    """The declaration of the loop meter with these keys, and something wrong in the meter or in the keys."""
    text = (ROOT / "devices" / "reference-loop.toml").read_text(encoding="utf-8")
    for old, new in KEYS.items():
        text = text.replace(old, new.hex().upper())
    text = text.replace("text:reading1", f"text:{READING.decode()}").replace(
        "text:manage-1", f"text:{MANAGING.decode()}"
    )
    for old, new_text in (changed or {}).items():
        assert old in text
        text = text.replace(old, new_text)
    if deviation:
        text = text.replace('"loop://reference"', f'"loop://reference?deviation={deviation}"')
    path = folder / "meter.toml"
    path.write_text(text, encoding="utf-8")
    return path


def run(
    folder: Path, device: Path, only: str, monkeypatch: pytest.MonkeyPatch, maker: Maker = make_meter
) -> tuple[Path, str]:
    """Run the command's composition on our meter; gives the run folder and what was printed."""
    monkeypatch.setattr(execution, "Run", partial(Run, loop_makers={"reference": maker}))
    monkeypatch.setattr(composition, "build_report", partial(build_report, allure=no_allure_pages))
    written = StringIO()
    out = folder / "runs"
    composition.conduct(
        RunSettings(device=str(device), out=out, only=tuple(only.split(",")), doors=("loop-hdlc",)),
        Console(file=written, width=200),
    )
    (left,) = out.iterdir()
    return left, written.getvalue()


def no_allure_pages(*arguments: object, **named: object) -> AllureOutcome:
    """Those pages are made of ``allure-results``, which is searched."""
    return AllureOutcome(pages=(), problem=None)


CASES = {
    # Keys that are changed, replays, wrong ciphering, wrong passwords: all pass.
    "sound": ("", "SU3.step1,TR-Conf.05b,TR-Conf.05a,DF.6", {}),
    "keys-lost": ("new-keys-lost-with-power", "TR-Conf.05b-P21", {}),
    # The declaration has a key, a password, that the device does not have.
    "wrong-key": ("", "TR-Conf.05b-P20,TR-Conf.05b-N72", {UNICAST.hex().upper(): MASTER.hex().upper()}),
    "wrong-password": ("", "SU3.step1", {f"text:{READING.decode()}": f"text:{MANAGING.decode()}"}),
    # Octets of the device do not decode.
    "garbage": ("block-loses-an-octet", "SU3.step2", {}),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_no_secret_in_any_file(tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deviation, only, changed = CASES[case]
    folder, printed = run(tmp_path, declaration(tmp_path, deviation=deviation, changed=changed), only, monkeypatch)
    assert_clean(tmp_path, folder, printed)


def test_secrets_that_the_device_tells_are_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, printed = run(tmp_path, declaration(tmp_path), "TR-Conf.02b", monkeypatch, make_talkative_meter)
    assert_clean(tmp_path, folder, printed)
    assert '"masked":' in (folder / "trace.jsonl").read_text(encoding="utf-8")


def assert_clean(tmp_path: Path, folder: Path, printed: str) -> None:
    """No file of the run folder, and nothing that was printed, holds a secret."""
    assert (folder / "verdicts.json").is_file()
    assert search_for_secrets(folder, SECRETS) == []
    (tmp_path / "printed").mkdir()
    (tmp_path / "printed" / "output").write_text(printed, encoding="utf-8")
    assert search_for_secrets(tmp_path / "printed", SECRETS) == []
    assert list((folder / "captures").glob("*.pcapng"))
    assert "holds a secret" not in printed


KILLED = """
import sys
from pathlib import Path
from functools import partial
from harness.run import conduct as composition, execution
from harness.run.run import Run
from rich.console import Console
sys.path.insert(0, sys.argv[3])
from test_run_secrets import make_meter
execution.Run = partial(Run, loop_makers={"reference": make_meter})
settings = composition.RunSettings(device=sys.argv[1], out=Path(sys.argv[2]), only=("TR-Conf.05b", "SU3.step1"))
composition.conduct(settings, Console())
"""


@pytest.mark.parametrize("lived_s", [0.1, 1.0, 2.0])
def test_no_secret_in_any_file_of_a_run_that_was_killed(tmp_path: Path, lived_s: float) -> None:
    device, out = declaration(tmp_path), tmp_path / "runs"
    state = {**os.environ, "CONFORMETER_STATE": str(tmp_path / "state")}
    command = [sys.executable, "-c", KILLED, str(device), str(out), str(Path(__file__).parent)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=state) as process:
        while process.poll() is None and not any(path.stat().st_size for path in out.glob("*/trace.jsonl")):
            time.sleep(0.02)
        time.sleep(lived_s)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    (folder,) = out.iterdir()
    assert (folder / "trace.jsonl").stat().st_size > 0
    assert search_for_secrets(folder, SECRETS) == []
