"""Settings of the HAN port: everything that a variant may want to turn."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["HanField", "HanForm", "HanSettings"]

HanField = Literal["time", "equipment", "totals", "rates", "tariff", "power", "limit", "switch"]
"""What is told; one field may be several objects."""
HanForm = Literal["described", "named", "placed"]
"""OBIS code, value, scaler and unit; OBIS code and value; values alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HanSettings:
    """What is pushed, how often, and how it is protected."""

    form: HanForm = "described"
    fields: tuple[HanField, ...] = ("time", "power", "rates", "tariff", "limit", "switch")
    longer_fields: tuple[HanField, ...] = ("time", "equipment", "power", "totals", "rates", "tariff", "limit", "switch")
    """In the list that comes each ``longer_s`` seconds in the place of the short one."""
    period_s: float = 10.0
    longer_s: float = 300.0
    control: int = 0x30
    """Security control octet; 0 sends in the clear."""
    stamped: bool = False
    """Whether the head of the notification has a time."""
    baud: int = 2400
    frame_octets: int = 120
    """Information in one frame at most."""
