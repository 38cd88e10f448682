"""The process that a declaration's ``[lab] device_command`` starts, such as the bundled meter."""

import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.declaration import Declaration
from harness.errors import LabError

__all__ = ["LabProcess", "placed"]

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

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        # Its life is that of the process, not of a block.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        # The command comes from the declaration, which the lab writes for its own machine.
        self._process = subprocess.Popen(  # noqa: S603
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors
        )
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, ready), daemon=True).start()
        if not ready.wait(_READY_S) or self._process.poll() is not None:
            self.close()
            raise LabError(f"lab.device_command did not say ready: {self._last_words()}")
        return self

    @staticmethod
    def _listen(process: "subprocess.Popen[bytes]", ready: threading.Event) -> None:
        """Set ``ready`` at the first line or at the end; then keep the pipe empty."""
        if process.stdout is None:
            raise ValueError("the process was started without a pipe")
        for line in process.stdout:
            if line.startswith(b"ready"):
                ready.set()
        ready.set()

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
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_END_S)


def own_folder() -> Path:
    """Return a new temporary folder for pty links and the like."""
    return Path(tempfile.mkdtemp(prefix="conformeter-"))
