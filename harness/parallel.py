"""One run over several devices at once: a process for each, so that nothing of one gets into another."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import TextIO

from harness.catalogue import load_catalogue
from harness.declaration import Declaration, load_declaration
from harness.errors import UsageError
from harness.headend.restoring.key_ring import device_of
from harness.report.run_folder import RunFolder
from harness.run.exit_code import ExitCode
from harness.run.lab_process import end_with_parent
from harness.run.operator import works_by_hand
from harness.run.restore import lasting_state
from harness.run.suite import suite_root

__all__ = ["ParallelSettings", "run_side_by_side", "worst"]

_REPLAY = "replay://"
_REPORT = "report: "
# A shell in the background has its children ignore SIGINT, and that is inherited; here it comes from the parent alone.
_ONE_RUN = """\
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from harness.cli import main
sys.argv[0] = 'conformeter'
main()
"""
_WORST_FIRST = (ExitCode.USAGE, ExitCode.NOTHING_RAN, ExitCode.FAIL, ExitCode.OPEN, ExitCode.NOTHING_OPEN)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelSettings:
    """What ``conformeter run`` was asked for, with several devices."""

    devices: tuple[str, ...]
    """Paths of declarations, or ``replay://RUN``."""
    arguments: tuple[str, ...] = ()
    """All options of ``conformeter run`` but ``--device``; every device gets the same ones."""


@dataclass(kw_only=True)
class _OneRun:
    """The run of one device in its own process."""

    device: str
    name: str
    """What its lines begin with."""
    process: "subprocess.Popen[bytes]"
    lines: TextIO
    """What it says, line by line."""
    folder: Path | None = None
    listener: Thread | None = field(default=None, repr=False)


def run_side_by_side(settings: ParallelSettings, tell: Tell) -> ExitCode:
    """Run all devices at once, tell their lines by name and one summary; return the worst exit code.

    Raises ``UsageError`` before anything begins where two runs would meet at one device or one port, or where one
    would ask a person. SIGINT and SIGTERM end every run as they would end a single one, so all that is finished is
    kept; so does the death of this process.
    """
    _check(settings.devices)
    runs = [
        _start(device, name, settings.arguments)
        for device, name in zip(settings.devices, _names(settings.devices), strict=True)
    ]
    with _passed_on(runs):
        _listen(runs, tell)
        codes = [_code_of(run) for run in runs]
    for line in _summary(runs, codes):
        tell(line)
    return worst(codes)


def worst(codes: Sequence[ExitCode]) -> ExitCode:
    """Return the first that applies of 3, 4, 1, 2, 0."""
    return next(code for code in _WORST_FIRST if code in codes)


def _check(devices: Sequence[str]) -> None:
    """Refuse what cannot run side by side."""
    taken: dict[str, str] = {}
    for device in devices:
        if device.startswith(_REPLAY):
            RunFolder.open(Path(device.removeprefix(_REPLAY)))
            continue
        declaration = load_declaration(Path(device))
        if works_by_hand(declaration):
            raise UsageError(
                f"--device {device}: bench: manual asks a person at the terminal, which belongs to one run at a time; "
                "with several --device only other benches are allowed"
            )
        for what in _alone(declaration):
            if what in taken:
                raise UsageError(
                    f"--device {device}: {what} is that of --device {taken[what]}; "
                    "runs side by side need a device and a port each"
                )
            taken[what] = device


def _alone(declaration: Declaration) -> list[str]:
    """Return what only one run at a time may have: a device that outlives the run, and ports that are no network."""
    if lasting_state(declaration) is None:
        return []
    ports = {door.url for door in declaration.doors if not door.is_network and not door.is_virtual}
    return [f"the device {device_of(declaration)}", *(f"the port {port}" for port in sorted(ports))]


def _names(devices: Sequence[str]) -> list[str]:
    """Return short names: that of the file, and a number where two would be called alike."""
    bare = [Path(device).stem for device in devices]
    often = Counter(bare)
    return [f"{name}-{number}" if often[name] > 1 else name for number, name in enumerate(bare, start=1)]


def _start(device: str, name: str, arguments: Sequence[str]) -> _OneRun:
    # It keeps the end that is read here open too: should this process be killed, its last lines find a reader.
    read, write = os.pipe()
    try:
        # The session of its own keeps the terminal's Ctrl-C from it: it comes once, from here.
        process = subprocess.Popen(  # noqa: S603 - this Python with our own module
            [sys.executable, "-u", "-c", _ONE_RUN, "run", "--device", device, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=write,
            stderr=subprocess.STDOUT,
            pass_fds=(read,),
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    finally:
        os.close(write)
    return _OneRun(device=device, name=name, process=process, lines=open(read, encoding="utf-8", errors="replace"))


@contextmanager
def _passed_on(runs: Sequence[_OneRun]) -> Iterator[None]:
    """Hand the signals that end a run to every one of them, instead of dying of them."""

    def hand_on(number: int, frame: object) -> None:
        for run in runs:
            if run.process.poll() is None:
                run.process.send_signal(number)

    before = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(runs: Sequence[_OneRun], tell: Tell) -> None:
    """Tell the lines of all runs as they come, whole and each with its name, until all have ended."""
    lock = Lock()
    width = max(len(run.name) for run in runs)

    def follow(run: _OneRun) -> None:
        with run.lines as lines:
            for line in lines:
                text = line.rstrip("\n")
                if text.startswith(_REPORT):
                    run.folder = Path(text.removeprefix(_REPORT)).parent.parent
                with lock:
                    tell(f"{run.name:<{width}} | {text}")

    for run in runs:
        run.listener = Thread(target=follow, args=(run,), daemon=True)
        run.listener.start()
    for run in runs:
        if run.listener is not None:
            run.listener.join()


def _code_of(run: _OneRun) -> ExitCode:
    """Return how a run ended; one that was killed, or ended as no run does, leaves everything open."""
    ended = run.process.wait()
    return ExitCode(ended) if ended in set(ExitCode) else ExitCode.OPEN


def _summary(runs: Sequence[_OneRun], codes: Sequence[ExitCode]) -> Iterator[str]:
    catalogue = load_catalogue(suite_root() / "requirements")
    yield f"{len(runs)} devices:"
    for run, code in zip(runs, codes, strict=True):
        if run.folder is None:
            how = f"no report (ended with {run.process.returncode})"
        else:
            summary = RunFolder.open(run.folder).summary(catalogue)
            stopped = f"; interrupted: {summary.facts.interrupted}" if summary.facts.interrupted else ""
            how = f"{summary.headline()}{stopped}; {run.folder}"
        yield f"{run.name}: exit code {int(code)}; {how}"
