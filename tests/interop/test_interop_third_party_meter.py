"""A meter made of a third party's server classes fails what ``docs/third_party.md`` lists, and nothing else.

It runs in a process of its own (``gurux_meter.py``); a missing library fails these tests.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness import cli

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("gurux_meter.py")
DECLARATION = Path(__file__).with_name("gurux_meter.toml")
AROUND = (
    "SU3.step1",
    "SU3.step2-P01",
    "SU3.step2-P03",
    "SU3.step2-P04",
    "SU3.step2-P06",
    "SU3.step2-N01",
    "TR-Conf.05a-P02",
)
"""What this meter does well and a false alarm would show in, besides what is listed."""


HDLC = {
    'id = "wrapper"\nprotocol = "wrapper"': 'id = "hdlc"\nprotocol = "hdlc"',
    "[doors.timing]\n": "[doors.hdlc]\naddress_octets = 4\nphysical_device = 17\n\n[doors.timing]\n",
}
"""What the declaration has in place of the wrapper."""


def listed(door: str) -> set[str]:
    """Keys of the results that the document calls right at this door."""
    text = (ROOT / "docs" / "third_party.md").read_text(encoding="utf-8")
    keys = re.findall(r"^- `([^\s`@]+)(@[a-z]+)?`$", text, re.MULTILINE)
    return {f"{key}@{door}" for key, only in keys if only in ("", f"@{door}")}


@contextmanager
def third_party_meter(folder: Path, door: str) -> Iterator[Path]:
    """Start the meter; its declaration."""
    with subprocess.Popen([sys.executable, str(PROGRAM), door], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready, port = process.stdout.readline().split()
            assert ready == "ready"
            declaration = folder / "meter.toml"
            text = DECLARATION.read_text(encoding="utf-8")
            for of_wrapper, of_hdlc in HDLC.items() if door == "hdlc" else ():
                assert of_wrapper in text
                text = text.replace(of_wrapper, of_hdlc)
            declaration.write_text(text.replace("127.0.0.1:4059", f"127.0.0.1:{port}"), encoding="utf-8")
            yield declaration
        finally:
            process.terminate()


@pytest.mark.parametrize("door", ["wrapper", "hdlc"])
def test_what_fails_is_what_is_listed(door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path / "state"))
    scenarios = {re.match(r".*-[PNI]\d+", key)[0] for key in listed(door)}  # type: ignore[index]  # every key has a number
    with third_party_meter(tmp_path, door) as declaration:
        chosen = ",".join(sorted({*AROUND, *scenarios}))
        arguments = ["run", "--device", str(declaration), "--only", chosen, "--out", str(tmp_path / "runs")]
        monkeypatch.setattr(sys, "argv", ["conformeter", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert ended.value.code == 1
    (folder,) = (tmp_path / "runs").iterdir()
    results = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))["scenarios"]
    verdicts = {result["key"]: result["verdict"] for result in results}
    assert {key for key, verdict in verdicts.items() if verdict == "FAIL"} == listed(door)
    assert not {key for key, verdict in verdicts.items() if verdict == "ERROR"}
    assert sum(verdict == "PASS" for verdict in verdicts.values()) > len(AROUND)
