"""One captured row of a profile."""

from dataclasses import dataclass
from datetime import datetime

from reference_meter.model.data import Pair

__all__ = ["Row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The values of the capture objects at one instant."""

    captured_at: datetime
    """Metering time as an instant; the time stamp that restricts range reads."""
    values: tuple[Pair, ...]
