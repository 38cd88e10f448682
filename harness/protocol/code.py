"""Result codes with names: every enumeration of the protocol's answers is one."""

from enum import IntEnum

__all__ = ["Code"]


class Code(IntEnum):
    """A number with a name; unknown numbers stay plain ``int`` in messages and are judged elsewhere."""

    @classmethod
    def name_of(cls, code: int) -> str:
        """Return the name as the standard writes it, ``unknown code 77`` where there is none."""
        try:
            return cls(code).name.lower().replace("_", "-")
        except ValueError:
            return f"unknown code {code}"
