"""Settings of the M-Bus slaves: everything that a variant may want to turn."""

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["ClientSettings", "MBusSettings", "SlaveSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaveSettings:
    """Who one slave is."""

    primary: int
    identification: int
    medium: int
    manufacturer: str = "CFM"
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """How the meter fetches and shows the gas meter's register."""

    capture_period_s: int = 3600
    profile_period_s: int = 3600
    rows: int = 240
    """Of the profile."""
    value_class: Literal[3, 4] = 4
    digits: bool = True
    """The identification number is shown as its eight decimal digits, four bits each, not as a number."""
    methods: tuple[int, ...] = (1, 2, 3, 4, 5)
    """Of class 72: installation, removal, capture, reset of the alarm, setting of the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MBusSettings:
    """How both slaves speak."""

    electricity: SlaveSettings = SlaveSettings(primary=1, identification=12345678, medium=2)
    gas: SlaveSettings | None = SlaveSettings(primary=2, identification=12340001, medium=3)
    """None leaves the meter alone on its bus."""
    client: ClientSettings | None = ClientSettings()
    """None shows nothing of the gas meter to DLMS clients."""
    energy_exponent: int = 0
    """Energy counts units of so many tens of Wh; the rest is rounded off."""
    decimal: bool = False
    """Registers are decimal numbers in kWh with three places, not binary ones in Wh."""
    long_header: bool = True
    reversed_order: bool = False
    """The last record comes first."""
    manufacturer_data: bytes = b""
    """Follow the records."""
    records_of_manufacturer: bool = False
    """Records that no table explains stand among the others."""
    telegrams: int = 1
    """So many make up one reading."""
    stored_sets: int = 2
    first_storage: int = 1
    """Storage number of the newest set."""
    key: bytes | None = field(default=None, repr=False)
    """Enciphers records."""
    mode: Literal[5, 7] = 5
    """Of encryption; 7 draws keys for each message and proves it."""
    errors_reported: Literal["telegram", "status"] = "telegram"
    """An application error has a telegram of its own, or shows in the status of the next one."""
    bits_before_answer: int = 40
    idle_bits: int = 330
    baud: int = 2400
    bauds: tuple[int, ...] = (300, 9600)
    """Rates to which a master may switch each slave besides."""
    falls_back_after_s: float = 120.0
    """After this silence at another rate a slave goes back."""
