"""What the device does with its data: profiles, clock and measured values."""

from typing import Annotated, Literal

from pydantic import Field

from harness.declaration.objects import CosemObject
from harness.declaration.section import Section

__all__ = ["Clock", "Metering", "Profile", "SelectiveAccess"]

SelectiveAccess = Literal["range", "entry"]


class Profile(Section):
    """A profile that captures rows of its own accord."""

    period_s: Annotated[int, Field(ge=0, le=31_622_400)]
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


class Clock(Section):
    """The device's clock."""

    tolerance_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    """Largest difference between a time just set and the time read back."""
    sync_limit_s: Annotated[float, Field(gt=0, le=900)] = 60.0
    """A change of more than this counts as setting the clock, up to it as synchronising."""
    dst: bool = True
    """Whether the clock knows daylight saving time."""


class Metering(Section):
    """Measured values and how they are read."""

    freshness_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Largest age of a current value at the moment of its answer."""
    accuracy_class: Annotated[float, Field(ge=0.1, le=3)] = 2.0
    """Largest error of measured energy in percent."""
    demand_period_s: Annotated[int, Field(gt=0, le=86400)] = 900
    """Period over which demand is averaged."""
    atomic_list: bool = True
    """Whether all values of one list request belong to the same moment."""
