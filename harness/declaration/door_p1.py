"""The consumer port: how often it tells something, and what."""

from typing import Annotated

from pydantic import AfterValidator, Field

from harness.declaration.section import Section, spelled

__all__ = ["ConsumerParameters"]

_NUMBER = r"(?:0|[1-9][0-9]{0,2})"
_ADDRESS = "an address such as 1-0:1.8.1"
Address = Annotated[
    str, AfterValidator(spelled(rf"{_NUMBER}-{_NUMBER}:{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:\*{_NUMBER})?", _ADDRESS))
]


class ConsumerParameters(Section):
    """Table ``[doors.p1]``."""

    period_s: Annotated[float, Field(gt=0, le=3600)] = 1.0
    """From the begin of a telegram to that of the next one: 1 s in DSMR 5, 10 s before."""
    tolerance: Annotated[float, Field(gt=0, le=1)] = 0.2
    """By which share of itself the period may be longer or shorter on the average."""
    checksum: bool = True
    """Whether a checksum follows the exclamation mark; DSMR 2 and 3 have none."""
    objects: Annotated[tuple[Address, ...], Field(strict=False)] = ()
    """The addresses of all that a telegram tells; nothing else may stand in it."""
    sometimes: Annotated[tuple[Address, ...], Field(strict=False)] = ()
    """Those of them that need not be in every telegram."""
    age_s: Annotated[float, Field(ge=0, le=3600)] | None = None
    """How old values may be when their telegram begins; None means one period."""

    @property
    def oldest_s(self) -> float:
        """How old values may be when their telegram begins."""
        return self.period_s if self.age_s is None else self.age_s
