"""The bench of a person: it says what is to be done, waits until that is said to be done, and keeps who said so."""

import getpass
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from harness.bench.base import BenchContext, Button, DeviceCondition, Firmware
from harness.errors import Inconclusive

__all__ = ["TERMINAL", "ManualBench", "ask_at_terminal", "at_terminal", "make"]

Ask = Callable[[str], str | None]
"""Shows a text and returns what a person answers; None where there is nobody to ask."""

_DONE_BY_HAND: dict[DeviceCondition, str] = {
    "good": "answer well again (supply, line and seals as they were)",
    "silent": "be out of reach (pull its line)",
    "late": "answer later than the gateway waits",
    "damaged": "answer with damaged frames (disturb its line)",
    "foreign": "be replaced by one of another address",
    "undecipherable": "encipher with another key than the gateway has for it",
    "replaying": "be silent, and give an answer of before once more in its place",
    "tampered": "announce that somebody tampers with it (open its cover)",
    "power_lost": "lose its power",
}
_DONE = ("", "y", "yes", "done", "ok")


class _Terminal:
    """Where a person is asked: standard input and standard error of the command."""

    def __init__(self) -> None:
        self.heard, self.shown = 0, 2
        self._kept = False

    def keep(self) -> None:
        """Hold on to both, before pytest puts files in their places to catch the output of scenarios."""
        if self._kept:
            return
        with suppress(OSError):  # closed from the start: then nobody is there
            self.heard, self.shown = os.dup(0), os.dup(2)
            self._kept = True

    @property
    def is_there(self) -> bool:
        """Whether somebody may sit at it."""
        return os.isatty(self.heard) and os.isatty(self.shown)

    def show(self, text: str) -> None:
        """Write all of the text."""
        octets = text.encode()
        while octets:
            octets = octets[os.write(self.shown, octets) :]

    def line(self) -> str:
        """Read a line; ``KeyboardInterrupt`` at its end, which is no answer, least of all "done"."""
        octets = b""
        while not octets.endswith(b"\n"):
            more = os.read(self.heard, 4096)
            if not more:
                raise KeyboardInterrupt
            octets += more
        return octets.decode("utf-8", "replace").strip()


TERMINAL = _Terminal()


def at_terminal(text: str, hint: str) -> str | None:
    """Ask on the terminal, past whatever catches the output of scenarios; None where there is no terminal.

    ``KeyboardInterrupt`` where the terminal is closed while it waits.
    """
    if not TERMINAL.is_there:
        return None
    TERMINAL.show(f"\n{text}\n[{hint}] ")
    return TERMINAL.line()


def ask_at_terminal(text: str) -> str | None:
    """Ask for something to be done."""
    return at_terminal(text, "Enter when done, or why it cannot be done")


class ManualBench:
    """Whatever hands can do; ``person`` names who is asked."""

    uncertainty_percent = 5.0
    """Of a load that a person sets."""

    def __init__(
        self,
        recall: Callable[[str, Callable[[], object]], object],
        *,
        ask: Ask = ask_at_terminal,
        person: str | None = None,
    ) -> None:
        self._recall = recall
        self._ask = ask
        self._person = person

    def do(self, name: str, text: str) -> None:
        """Have something done; ``Inconclusive`` where nobody is there, or the person says why not."""
        given = self._recall(f"bench:{name}", lambda: self._asked(text))
        if not isinstance(given, dict) or given.get("answer") is None:
            raise Inconclusive(f"nobody is at a terminal to do this: {text}", missing="bench")
        if str(given["answer"]).lower() not in _DONE:
            raise Inconclusive(f"{given.get('person')} says of {text!r}: {given['answer']}", missing="bench")

    def _asked(self, text: str) -> dict[str, object]:
        """What was asked and answered, by whom and when."""
        answer = self._ask(text)
        person = (self._person or getpass.getuser()) if answer is not None else None
        return {"asked": text, "answer": answer, "person": person, "at": datetime.now(UTC).isoformat()}

    def cut(self) -> None:
        """Take the supply away."""
        self.do("power_cut", "Switch the supply of the device off.")

    def restore(self) -> None:
        """Give the supply back."""
        self.do("power_restore", "Switch the supply of the device on again.")

    def apply(self, import_w: float, export_w: float) -> None:
        """Set the load."""
        self.do("load", f"Set the load of the device to {import_w:g} W import and {export_w:g} W export.")

    def open_seal(self) -> None:
        """Break the seal."""
        self.do("seal_open", "Open the hardware seal of the device.")

    def close_seal(self) -> None:
        """Seal the device again."""
        self.do("seal_close", "Close the hardware seal of the device.")

    def press(self, button: Button) -> None:
        """Press a button of the device."""
        self.do(f"button_{button}", f"Press the button of the device for: {button}.")

    def let_device(self, name: str, condition: DeviceCondition) -> None:
        """Let a device behind the gateway be so."""
        self.do(f"device_{condition}", f"Let the device {name} behind the gateway {_DONE_BY_HAND[condition]}.")

    def install_firmware(self, firmware: Firmware) -> None:
        """Have firmware installed."""
        which = "Install another firmware than the device has" if firmware == "other" else "Install the former firmware"
        self.do(f"firmware_{firmware}", f"{which}, as its maker does it, and wait until the device is up again.")

    def invalidate_clock(self) -> None:
        """Let the device lose its time."""
        self.do("clock_invalid", "Make the device lose its time (supply and battery off, for example).")

    def fault(self, *, present: bool) -> None:
        """Let the device have a critical fault, or no more."""
        what = "have a critical fault of its own" if present else "be free of the fault again"
        self.do(f"fault_{'set' if present else 'cleared'}", f"Make the device {what}, if you can.")

    def drop_links(self) -> None:
        """Cut every connection."""
        self.do("drop_links", "Pull the connection to the device and plug it in again.")


def make(context: BenchContext) -> ManualBench:
    """Make the bench."""
    return ManualBench(context.recall, ask=context.ask or ask_at_terminal, person=context.person)
