"""What was done to keep the device answering: each rung of the recovery ladder, and the lab's power-cycle command."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from harness.declaration import Declaration
from harness.evidence.trace import Trace

__all__ = ["NOTE", "LifeLog"]

NOTE: Final = "life support"
"""Name of the notes in the trace."""
_LONGEST_TOLD: Final = 400
_KILLED_S: Final = 5.0


class LifeLog:
    """The ladder of a run: writes rungs to ``path`` as they are climbed, and switches the supply as declared."""

    def __init__(
        self, declaration: Declaration, trace: Trace, path: Path | None, *, secrets: Callable[[], Sequence[bytes]]
    ) -> None:
        """``secrets`` gives what may stand in no record; without ``path`` rungs are in the trace alone."""
        self.rungs = 0
        self.power_cycles = 0
        """How often the supply was switched."""
        self._lab = declaration.lab
        self._trace = trace
        self._path = path
        self._secrets = secrets

    def climbed(self, door: str, rung: str, *, alive: bool, why: str) -> None:
        """Keep a rung of the ladder: whether a good exchange succeeded on it, and else why not."""
        self.rungs += 1
        self.keep("rung", door=door, rung=rung, alive=alive, why=why)

    def cycle_power(self, door: str) -> float | None:
        """Run the lab's command; seconds that the device may take to answer, None where there is none or it failed."""
        if not self._lab.power_cycle_command:
            return None
        self.power_cycles += 1
        done = self._trace.recall("power cycle", self._run)
        self.keep("power cycle", door=door, **done)
        return self._lab.power_up_s if done["exit_code"] == 0 else None

    def keep(self, what: str, **facts: Any) -> None:
        """Keep one fact on disk at once, with when it was and in which scenario."""
        self._trace.note(NOTE, {"what": what, **facts})
        if self._path is None:
            return
        line = {"wall": round(time.time(), 3), "key": self._trace.key, "what": what, **facts}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _run(self) -> dict[str, Any]:
        """Run the command to its end; a device that it starts may live on and keep what it writes to."""
        began = time.monotonic()
        words = self._lab.power_cycle_command
        with tempfile.TemporaryFile() as output:
            try:
                # The command comes from the declaration, which the lab writes for its own machine; no shell reads it.
                process = subprocess.Popen(  # noqa: S603
                    words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
                )
                exit_code: int | None = process.wait(self._lab.power_cycle_timeout_s)
                problem = None
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_KILLED_S)
                exit_code, problem = None, f"did not end within {self._lab.power_cycle_timeout_s:g} s"
            except OSError as error:
                exit_code, problem = None, f"cannot be started: {error.strerror}"
            output.seek(0)
            said = self._masked(output.read())
        return {
            "program": words[0],
            "exit_code": exit_code,
            "problem": problem,
            "output": said,
            "seconds": round(time.monotonic() - began, 3),
        }

    def _masked(self, output: bytes) -> str:
        """Return the end of what the command said, without the secrets of the declaration."""
        text = output.decode("utf-8", "replace").strip()
        for secret in self._secrets():
            for form in (secret.decode("utf-8", "replace"), secret.hex(), secret.hex().upper(), secret.hex(" ")):
                text = text.replace(form, "*" * len(form)) if form else text
        return text if len(text) <= _LONGEST_TOLD else "..." + text[-_LONGEST_TOLD:]
