"""Profiles: what they capture, how they can be configured and read, and what the states in their rows mean."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from harness.declaration.objects import CosemObject
from harness.declaration.problem import Problems
from harness.declaration.section import Section

__all__ = ["Parameter", "Profile", "SelectiveAccess", "StatusBits"]

SelectiveAccess = Literal["range", "entry"]
Parameter = Literal["capture_objects", "capture_period", "profile_entries"]
StatusBit = Annotated[int, Field(ge=0, le=31)] | Literal["absent"]
_PERIOD = Field(ge=0, le=31_622_400)


def _apart(bits: "StatusBits") -> "StatusBits":
    numbers = Counter(bit for _, bit in bits if bit != "absent")
    shared = [str(bit) for bit, count in numbers.items() if count > 1]
    if shared:
        raise Problems.one(f"gives bit {', '.join(shared)} two meanings", "another bit for each state")
    return bits


class StatusBits(Section):
    """Which bit of a row's status stands for which state; ``absent`` where none does.

    Bit 0 is the lowest of a status that is a number, and the first of one that is a bit-string.
    """

    err: StatusBit = 0
    """A critical error of the device."""
    civ: StatusBit = 1
    """The clock was invalid."""
    dnv: StatusBit = 2
    """The data are not valid."""
    dst: StatusBit = 3
    """Daylight saving time."""
    cad: StatusBit = 5
    """The clock was adjusted."""
    pdn: StatusBit = 7
    """The supply was down."""


class Profile(Section):
    """A profile that captures rows of its own accord."""

    period_s: Annotated[int, _PERIOD]
    """Time between two rows; 0 where something else than a fixed period triggers them."""
    entries: Annotated[int, Field(ge=1, le=0xFFFFFFFF)]
    """Rows that the device keeps."""
    selective_access: Annotated[tuple[SelectiveAccess, ...], Field(strict=False)] = ("range", "entry")
    """Selectors that the buffer answers to; an empty list says that there are none."""
    compressed: bool = False
    """Whether null-data stands for a value that follows from the row before."""
    status_column: CosemObject | None = None
    """Object whose value is the status of each row; None means found among the captured objects."""
    order: Literal["fifo", "lifo"] = "fifo"
    """Whether the oldest (``fifo``) or the newest (``lifo``) row comes first."""
    jitter_s: Annotated[float, Field(ge=0, le=60)] = 1.0
    """How late the time stamp of a captured row may be."""
    writable: Annotated[tuple[Parameter, ...], Field(strict=False)] = (
        "capture_objects",
        "capture_period",
        "profile_entries",
    )
    """Parameters that the management client can change."""
    allowed_periods_s: Annotated[tuple[Annotated[int, _PERIOD], ...], Field(strict=False, min_length=1)] | None = None
    """All capture periods that can be set; None where the declaration does not say, so that common ones are tried."""
    most_entries: Annotated[int, Field(ge=1, le=0xFFFFFFFF)] | None = None
    """The largest number of rows that can be set."""
    depth_beyond: Literal["refused", "clipped"] | None = None
    """What becomes of a larger number: an error, or the largest one is set; None where either may be."""
    most_columns: Annotated[int, Field(ge=1, le=255)] | None = None
    """The largest number of objects that can be captured."""
    quantities: Annotated[tuple[CosemObject, ...], Field(strict=False)] = ()
    """Objects that can be captured besides those that are captured already."""
    reset_on_change: bool = True
    """Whether other capture objects or another period clear the buffer."""
    on_demand: bool = True
    """Whether method 2 captures a row of its own."""
    range_bounds: Literal["both", "from"] = "both"
    """Which bounds of a range belong to it."""
    status: Annotated[StatusBits, AfterValidator(_apart)] = StatusBits()
    """The bits of a row's status."""
    aligned: bool = True
    """Whether rows come at full multiples of the period since the full hour, of longer ones since midnight."""
    power_off_rows: Literal["none", "marked"] | None = None
    """What there is of periods without supply: no rows, or rows with the bit ``pdn``; None where either may be."""
