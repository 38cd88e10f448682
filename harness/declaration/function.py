"""What the device does with its data: measured values."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from harness.declaration.section import Section

__all__ = ["Metering"]


class Metering(Section):
    """Measured values and how they are read."""

    freshness_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Largest age of a current value at the moment of its answer."""
    accuracy_class: Annotated[float, Field(ge=0.1, le=3)] = 2.0
    """Largest error of measured energy in percent."""
    demand_period_s: Annotated[int, Field(gt=0, le=86400)] | None = None
    """Period over which demand is averaged, where no demand register states it."""
    maximum_time: Literal["end", "start"] = "end"
    """Whether the capture time of a maximum is that of the end of its period or of its start."""
    largest_power_w: Annotated[float, Field(gt=0, le=1e9)] = 100_000.0
    """The most power that can flow, where nobody measures or sets it: energy cannot have moved on by more."""
    atomic_list: bool = True
    """Whether all values of one list request belong to the same moment."""

    @property
    def most_w(self) -> Decimal:
        """``largest_power_w`` for exact arithmetic."""
        return Decimal(str(self.largest_power_w))
