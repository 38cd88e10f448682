"""The process that a declaration's ``[lab] device_command`` starts, such as the bundled meter."""

import ctypes
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.declaration import Declaration
from harness.errors import LabError

__all__ = ["LabProcess", "end_with_parent", "own_folder", "placed", "prepared_lab"]

_READY_S = 30.0
_END_S = 5.0


def placed(declaration: Declaration, folder: str) -> Declaration:
    """Return the declaration with free ports, the folder and this Python put in place of its placeholders."""
    ports = {name: _free_port() for name in sorted(declaration.placeholder_ports())}
    return declaration.with_placeholders(ports=ports, folder=folder, python=sys.executable)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LabProcess:
    """Runs the device's process; it says ``ready`` on its standard output once its doors are open."""

    def __init__(self, command: Sequence[str], *, ready_s: float = _READY_S) -> None:
        self._command = list(command)
        self._ready_s = ready_s
        # Its life is that of the process, not of a block.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None
        self._said_ready = False

    def __enter__(self) -> Self:
        try:
            # The command comes from the declaration, which the lab writes for its own machine.
            self._process = subprocess.Popen(  # noqa: S603
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                preexec_fn=end_with_parent,
            )
        except OSError as error:
            self.close()
            raise LabError(f"lab.device_command {self._command[0]!r} cannot be started: {error.strerror}") from error
        heard = threading.Event()
        self._listener = threading.Thread(target=self._listen, args=(self._process, heard), daemon=True)
        self._listener.start()
        heard.wait(self._ready_s)
        if not self._said_ready or self._process.poll() is not None:
            words = self._last_words()
            self.close()
            raise LabError(f'lab.device_command printed no line "ready" within {self._ready_s:g} s: {words}')
        return self

    def _listen(self, process: "subprocess.Popen[bytes]", heard: threading.Event) -> None:
        """Set ``heard`` when it says ready or ends; then keep the pipe empty."""
        if process.stdout is None:
            raise ValueError("the process was started without a pipe")
        with process.stdout as lines:
            for line in lines:
                if line.startswith(b"ready"):
                    self._said_ready = True
                    heard.set()
        heard.set()

    def _last_words(self) -> str:
        self._errors.seek(0)
        text = self._errors.read().decode("utf-8", "replace").strip()
        return text.splitlines()[-1] if text else "no output"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, kindly at first."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(_END_S)
        if self._listener is not None:
            self._listener.join(_END_S)
        self._errors.close()


_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask the kernel to send this process SIGTERM when its parent is killed; call it in the new process.

    A device's process then keeps no port, and a run among several ends as it does where it is stopped.
    """
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def own_folder() -> Path:
    """Return a new temporary folder for pty links and the like."""
    return Path(tempfile.mkdtemp(prefix="conformeter-"))


@contextmanager
def prepared_lab(declaration: Declaration) -> Iterator[Declaration]:
    """Yield the declaration with its placeholders filled, and the device's process running, if there is one."""
    temporary = own_folder()
    try:
        ready = placed(declaration, str(temporary))
        if not ready.lab.device_command:
            yield ready
            return
        with LabProcess(ready.lab.device_command):
            yield ready
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
