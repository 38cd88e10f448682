"""How a device answers a command, under one name whatever its form."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.protocol.iec62056_21 import ACK, Block, CommandFrame
from harness.protocol.iec62056_21.answer import Answer

__all__ = ["Told", "told_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer to a command."""

    name: str
    """``ack``, ``nak``, ``break``, ``silence``, ``data``, or the text of an error message such as ``ER03``."""
    text: str = ""
    """The data where there are some."""
    frame: int = 0
    is_error: bool = False
    """Whether it is an error message."""

    def is_one_of(self, accepted: Sequence[str]) -> bool:
        """Whether a declaration's answers cover it; ``error`` among them covers every error message."""
        return self.name in accepted or (self.is_error and "error" in accepted)


def told_of(answer: Answer, frame: int, *, errors: tuple[str, ...], to_reading: bool = False) -> Told:
    """Return the name of an answer.

    One value without an address may be what a reading asked for; then it is an error message only where it begins
    with one of ``errors``. Whatever else was asked, it is one.
    """
    if isinstance(answer, bytes):
        return Told(name="ack" if answer == ACK else "nak", frame=frame)
    if isinstance(answer, CommandFrame):
        return Told(name="break" if answer.name == "B0" else answer.name, text=answer.data or "", frame=frame)
    if isinstance(answer, Block):
        alone = answer.alone
        if alone and (not to_reading or alone.startswith(errors)):
            return Told(name=alone, text=answer.text, frame=frame, is_error=True)
        return Told(name="data", text=answer.text, frame=frame)
    raise ValueError(f"{answer} answers no command")
