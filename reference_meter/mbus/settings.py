"""Settings of the M-Bus slaves: everything that a variant may want to turn."""

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["GAS_DEFAULT_KEY", "GAS_KEY", "ClientSettings", "KeyForm", "MBusSettings", "SlaveSettings"]

KeyForm = Literal["plain", "enciphered", "wrapped"]
"""How a key travels: as it is, in one block of cipher, or in an AES key wrap."""
GAS_KEY = bytes(range(0x60, 0x70))
GAS_DEFAULT_KEY = bytes(range(0x70, 0x80))
"""With which the gas meter has left the factory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaveSettings:
    """Who one slave is."""

    primary: int
    identification: int
    medium: int
    manufacturer: str = "CFM"
    version: int = 1
    key: bytes | None = field(default=None, repr=False)
    """Enciphers its records; None for that of the whole bus, if there is one."""
    default_key: bytes | None = field(default=None, repr=False)
    """Under this it takes another key."""


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
    methods: tuple[int, ...] = (1, 2, 3, 4, 5, 7, 8)
    """Of class 72: installation, removal, capture, reset of alarm, setting of the clock, of the key, its transfer."""
    key_set: KeyForm = "plain"
    """How the key comes that the meter is to read with; wrapped under its own master key."""
    key_transferred: KeyForm = "enciphered"
    """How the key comes that the meter behind is to have, under the default key there."""
    key_kept: bool = False
    """The key outlives a removal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MBusSettings:
    """How both slaves speak."""

    electricity: SlaveSettings = SlaveSettings(primary=1, identification=12345678, medium=2)
    gas: SlaveSettings | None = SlaveSettings(
        primary=2, identification=12340001, medium=3, key=GAS_KEY, default_key=GAS_DEFAULT_KEY
    )
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
    """Enciphers records of slaves without a key of their own."""
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
