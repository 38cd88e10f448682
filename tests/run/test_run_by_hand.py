"""A run with the bench ``manual`` on a real terminal: asked, answered, kept, and shown in the report."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pytest

from harness.bench.manual import TERMINAL, at_terminal
from harness.report.by_hand import by_hand

ROOT = Path(__file__).parents[2]
LOOP = ROOT / "devices" / "reference-loop.toml"
_LONGEST_S = 40.0


class Terminal:
    """A person at a pseudo terminal, who answers when a question stands there."""

    def __init__(self, *arguments: str | Path) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from harness.cli import main; main()", *map(str, arguments)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={**os.environ, "COLUMNS": "200"},
        )
        os.close(slave)
        self.seen = ""
        self._read_up_to = 0

    def answer(self, question: str, text: str) -> None:
        """Wait for a question and its hint, then type."""
        self._until(question)
        self._until("] ")
        os.write(self._master, f"{text}\n".encode())

    def ended(self) -> int:
        """Read to the end and return the exit code."""
        while self._read():
            pass
        return self.process.wait(_LONGEST_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    def _until(self, text: str) -> None:
        while (at := self.seen.find(text, self._read_up_to)) < 0:
            if not self._read():
                pytest.fail(f"{text!r} was never asked:\n{self.seen}")
        self._read_up_to = at + len(text)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], _LONGEST_S)
        try:
            octets = os.read(self._master, 65536) if ready else b""
        except OSError:
            octets = b""  # the other side of a pseudo terminal is gone
        self.seen += octets.decode("utf-8", "replace")
        return bool(octets)


@pytest.fixture
def by_hand_device(tmp_path: Path) -> Path:
    """The reference meter with a person who presses its buttons and looks after its seal."""
    text = LOOP.read_text(encoding="utf-8")
    assert 'hands = "reference"' in text
    path = tmp_path / "by-hand.toml"
    path.write_text(text.replace('hands = "reference"', 'hands = "manual"'), encoding="utf-8")
    return path


@pytest.mark.slow
def test_who_is_asked_once_and_every_answer_is_evidence(by_hand_device: Path, tmp_path: Path) -> None:
    began = time.time()
    out = tmp_path / "runs"
    asked_of = "TR-Conf.02c-P01@loop-wrapper,TR-Conf.02d"
    with Terminal("run", "--device", by_hand_device, "--only", asked_of, "--out", out) as terminal:
        terminal.answer("Who works at the bench in this run?", "A. Tester")
        terminal.answer("TR-Conf.02d", "y")
        terminal.answer("What have you seen?", "lead seal, whole")
        terminal.answer("A photo of it?", "")
        terminal.answer("Open the hardware seal", "it is welded shut")
        terminal.answer("Close the hardware seal", "")
        code = terminal.ended()
    assert "Who works" not in terminal.seen[terminal.seen.find("TR-Conf.02d") :], "asked once"
    assert code in (1, 2), terminal.seen
    folder = next(out.iterdir())
    results = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))["scenarios"]
    seal = {one["key"]: one for one in results}["TR-Conf.02d@inspection"]
    assert seal["reason"].startswith("A. Tester has looked on ")
    assert any("A. Tester says of" in one["reason"] and "welded" in one["reason"] for one in results)
    lines = [line for of_key in by_hand(folder / "trace.jsonl").values() for line in of_key]
    assert any("A. Tester: Open the hardware seal of the device. Answer: it is welded shut" in line for line in lines)
    assert time.strftime("%Y-%m-%d", time.gmtime(began)) in lines[0]
    page = (folder / "report" / "index.html").read_text(encoding="utf-8")
    assert "Done by hand" in page


def test_a_terminal_that_is_closed_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = pty.openpty()
    monkeypatch.setattr(TERMINAL, "heard", slave)
    monkeypatch.setattr(TERMINAL, "shown", slave)
    try:
        os.write(master, b"done\n\x04")  # the second question meets the end of input
        assert at_terminal("Do it.", "Enter when done") == "done"
        with pytest.raises(KeyboardInterrupt):
            at_terminal("Do more.", "Enter when done")
    finally:
        os.close(master)
        os.close(slave)
