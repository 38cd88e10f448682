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

    @property
    def is_error(self) -> bool:
        """Whether it is an error message."""
        return self.name.startswith("ER")

    def is_one_of(self, accepted: Sequence[str]) -> bool:
        """Whether a declaration's answers cover it; ``error`` among them covers every error message."""
        return self.name in accepted or (self.is_error and "error" in accepted)


def told_of(answer: Answer, frame: int) -> Told:
    """Return the name of an answer."""
    if isinstance(answer, bytes):
        return Told(name="ack" if answer == ACK else "nak", frame=frame)
    if isinstance(answer, CommandFrame):
        return Told(name="break" if answer.name == "B0" else answer.name, text=answer.data or "", frame=frame)
    if isinstance(answer, Block):
        return Told(name=answer.error or "data", text=answer.text, frame=frame)
    raise ValueError(f"{answer} answers no command")
