"""How a slave tells that a command could not be carried out."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An application error, or that there was none."""

    code: int | None
    """Of a telegram."""
    name: str
    by: Literal["telegram", "status", "nothing"]

    def __str__(self) -> str:
        code = "" if self.code is None else f" {self.code:#04x}"
        return {"telegram": f"application error{code} ({self.name})", "status": "a status that tells of an error"}.get(
            self.by, "a reading as if nothing had been wrong"
        )
