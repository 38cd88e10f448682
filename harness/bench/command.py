"""The bench of the lab's own programs: each ability is a declared argument list, run without a shell."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from harness.bench.base import BenchContext, Button, DeviceCondition, Firmware
from harness.errors import BenchError, Inconclusive

__all__ = ["CommandBench", "make"]

_LONGEST_TOLD: Final = 400

RunProgram = Callable[[Sequence[str], float], subprocess.CompletedProcess[bytes]]


def run_program(arguments: Sequence[str], timeout_s: float) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end, with nothing on its standard input."""
    # The command comes from the declaration, which the lab writes for its own machine; no shell reads it.
    return subprocess.run(  # noqa: S603
        list(arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout_s,
        check=False,
    )


class CommandBench:
    """Runs the program that is declared for what is asked; a program that fails is an error of the lab."""

    uncertainty_percent = 1.0
    """Of a load that a program sets; the class of common sources."""

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        recall: Callable[[str, Callable[[], object]], object],
        *,
        timeout_s: float,
        program: RunProgram = run_program,
    ) -> None:
        self._commands = commands
        self._recall = recall
        self._timeout_s = timeout_s
        self._program = program

    def do(self, name: str, **values: float | str) -> None:
        """Run the command of a name, with values in the places of its placeholders."""
        command = self._commands.get(name)
        if command is None:
            raise Inconclusive(f"the declaration has no bench.commands.{name}", missing="bench")
        texts = {key: value if isinstance(value, str) else f"{value:g}" for key, value in values.items()}
        arguments = [_placed(word, texts) for word in command]
        self._recall(f"bench:{name}", lambda: self._run(name, arguments))

    def _run(self, name: str, arguments: Sequence[str]) -> str:
        """Run it and return what it said."""
        try:
            done = self._program(arguments, self._timeout_s)
        except subprocess.TimeoutExpired as late:
            said = _told(late.stdout or b"")
            raise BenchError(f"bench.commands.{name} did not end within {self._timeout_s:g} s: {said}") from late
        except OSError as error:
            raise BenchError(f"bench.commands.{name}: {arguments[0]}: {error.strerror}") from error
        if done.returncode != 0:
            raise BenchError(f"bench.commands.{name} ended with {done.returncode}: {_told(done.stdout)}")
        return _told(done.stdout)

    def cut(self) -> None:
        """Take the supply away."""
        self.do("power_cut")

    def restore(self) -> None:
        """Give the supply back."""
        self.do("power_restore")

    def apply(self, import_w: float, export_w: float) -> None:
        """Set the load."""
        self.do("load", import_w=import_w, export_w=export_w)

    def open_seal(self) -> None:
        """Break the seal."""
        self.do("seal_open")

    def close_seal(self) -> None:
        """Seal the device again."""
        self.do("seal_close")

    def press(self, button: Button) -> None:
        """Press a button of the device."""
        self.do(f"button_{button}")

    def let_device(self, name: str, condition: DeviceCondition) -> None:
        """Let a device behind the gateway be so."""
        self.do("device_condition", device=name, condition=condition)

    def install_firmware(self, firmware: Firmware) -> None:
        """Have firmware installed."""
        self.do("firmware", firmware=firmware)

    def invalidate_clock(self) -> None:
        """Let the device lose its time."""
        self.do("clock_invalid")

    def fault(self, *, present: bool) -> None:
        """No program of a lab gives a device a fault of its own."""
        raise Inconclusive("no command of [bench.commands] gives the device a critical fault", missing="bench")

    def drop_links(self) -> None:
        """Cut every connection."""
        self.do("drop_links")


def _placed(word: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        word = word.replace(f"{{{key}}}", value)
    return word


def _told(output: bytes) -> str:
    text = output.decode("utf-8", "replace").strip()
    return (text if len(text) <= _LONGEST_TOLD else "..." + text[-_LONGEST_TOLD:]) or "no output"


def make(context: BenchContext) -> CommandBench:
    """Make the bench."""
    return CommandBench(context.commands, context.recall, timeout_s=context.command_timeout_s)
