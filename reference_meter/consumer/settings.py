"""Settings of the consumer port: everything that a variant may want to turn."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["DSMR_2", "DSMR_4", "ENCIPHERED", "NORDIC", "ConsumerSettings", "Field"]

Field = Literal[
    "version",
    "version_be",
    "time",
    "equipment",
    "totals",
    "rates",
    "tariff",
    "power",
    "limit",
    "switch",
    "message",
    "gas",
    "gas_old",
]
"""What lines tell; one field may be several lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerSettings:
    """One layout; digits are those before and behind the point."""

    identification: str = "CFM5\\2REFMETER-0001"
    version: str = "50"
    fields: tuple[Field, ...] = (
        "version",
        "time",
        "equipment",
        "rates",
        "tariff",
        "power",
        "limit",
        "switch",
        "message",
        "gas",
    )
    period_s: float = 1.0
    checked: bool = True
    control: int = 0
    """Security control octet of the envelope; 0 sends in the clear."""
    baud: int = 115200
    energy_digits: tuple[int, int] = (6, 3)
    power_digits: tuple[int, int] = (2, 3)
    limit_digits: tuple[int, int] = (3, 1)


DSMR_2 = ConsumerSettings(
    fields=("equipment", "rates", "tariff", "power", "limit", "switch", "message", "gas_old"),
    period_s=10.0,
    checked=False,
    baud=9600,
    energy_digits=(5, 3),
    power_digits=(4, 2),
    limit_digits=(4, 2),
)
"""No time, no checksum; gas on a line that goes on behind its end."""

DSMR_4 = ConsumerSettings(version="42", period_s=10.0)

NORDIC = ConsumerSettings(
    identification="CFM5REFMETER",
    fields=("time", "totals", "power"),
    period_s=10.0,
    energy_digits=(8, 3),
    power_digits=(4, 3),
)
"""Totals only, and neither tariffs nor numbers of meters."""

ENCIPHERED = ConsumerSettings(
    identification="CFM5\\REFMETER_E",
    version="42",
    fields=("version", "time", "equipment", "totals", "rates", "tariff", "power", "limit", "switch", "message", "gas"),
    period_s=10.0,
    control=0x30,
)
"""In general-glo-ciphering with the consumer's keys; totals beside the tariffs."""
