"""COSEM notions that are no protocol: OBIS codes, date and time, units, scalers, names of interface classes."""

from decimal import Decimal
from functools import lru_cache
from typing import Final

from harness.protocol.date_time import ClockStatus, DateTime

__all__ = [
    "CLASS_NAMES",
    "UNIT_SYMBOLS",
    "ClockStatus",
    "DateTime",
    "class_name",
    "obis",
    "obis_text",
    "scaled",
    "unit_name",
]

_OBIS_GROUPS: Final = 6


def obis(text: str) -> bytes:
    """Return the six octets of an OBIS code written ``1.0.1.8.0.255``; raises ``ValueError`` for any other form."""
    groups = text.split(".")
    if len(groups) != _OBIS_GROUPS or not all(group.isascii() and group.isdigit() for group in groups):
        raise ValueError(f"OBIS code {text!r} is not six numbers with dots between them")
    numbers = [int(group) for group in groups]
    if max(numbers) > 0xFF:
        raise ValueError(f"OBIS code {text!r} has a group above 255")
    return bytes(numbers)


@lru_cache(maxsize=1024)
def obis_text(octets: bytes) -> str:
    """Return an OBIS code of six octets as ``1.0.1.8.0.255``."""
    if len(octets) != _OBIS_GROUPS:
        raise ValueError(f"an OBIS code has six octets, not {len(octets)}")
    return ".".join(map(str, octets))


def scaled(value: int | Decimal, scaler: int) -> Decimal:
    """Return ``value`` times ten to the power of ``scaler``, exactly."""
    return Decimal(value).scaleb(scaler)


UNIT_SYMBOLS: Final[dict[int, str]] = {
    1: "a",
    2: "mo",
    3: "wk",
    4: "d",
    5: "h",
    6: "min",
    7: "s",
    8: "°",
    9: "°C",
    10: "currency",
    11: "m",
    12: "m/s",
    13: "m³",
    14: "m³ (corrected)",
    15: "m³/h",
    16: "m³/h (corrected)",
    17: "m³/d",
    18: "m³/d (corrected)",
    19: "l",
    20: "kg",
    21: "N",
    22: "Nm",
    23: "Pa",
    24: "bar",
    25: "J",
    26: "J/h",
    27: "W",
    28: "VA",
    29: "var",
    30: "Wh",
    31: "VAh",
    32: "varh",
    33: "A",
    34: "C",
    35: "V",
    36: "V/m",
    37: "F",
    38: "Ω",
    39: "Ωm²/m",
    40: "Wb",
    41: "T",
    42: "A/m",
    43: "H",
    44: "Hz",
    45: "1/(Wh)",
    46: "1/(varh)",
    47: "1/(VAh)",
    48: "V²h",
    49: "A²h",
    50: "kg/s",
    51: "S",
    52: "K",
    53: "1/(V²h)",
    54: "1/(A²h)",
    55: "1/m³",
    56: "%",
    57: "Ah",
    60: "Wh/m³",
    61: "J/m³",
    62: "mol%",
    63: "g/m³",
    64: "Pa·s",
    65: "J/kg",
    66: "g/cm²",
    67: "atm",
    70: "dBm",
    71: "dBµV",
    72: "dB",
    254: "other",
    255: "",
}
"""Symbol by number of the unit in scaler_unit; 255 is a number without a unit."""


def unit_name(unit: int) -> str:
    """Return the symbol of a unit; ``unknown unit 99`` where the number means nothing to us."""
    return UNIT_SYMBOLS.get(unit, f"unknown unit {unit}")


CLASS_NAMES: Final[dict[int, str]] = {
    1: "Data",
    3: "Register",
    4: "Extended register",
    5: "Demand register",
    6: "Register activation",
    7: "Profile generic",
    8: "Clock",
    9: "Script table",
    10: "Schedule",
    11: "Special days table",
    12: "Association SN",
    15: "Association LN",
    17: "SAP assignment",
    18: "Image transfer",
    19: "IEC local port setup",
    20: "Activity calendar",
    21: "Register monitor",
    22: "Single action schedule",
    23: "IEC HDLC setup",
    25: "M-Bus slave port setup",
    26: "Utility tables",
    27: "Modem configuration",
    28: "Auto answer",
    29: "Auto connect",
    30: "Data protection",
    40: "Push setup",
    41: "TCP-UDP setup",
    42: "IPv4 setup",
    43: "MAC address setup",
    44: "PPP setup",
    45: "GPRS modem setup",
    47: "GSM diagnostic",
    48: "IPv6 setup",
    61: "Register table",
    62: "Compact data",
    63: "Status mapping",
    64: "Security setup",
    65: "Parameter monitor",
    68: "Arbitrator",
    70: "Disconnect control",
    71: "Limiter",
    72: "M-Bus client",
    74: "M-Bus master port setup",
    76: "DLMS server M-Bus port setup",
    77: "M-Bus diagnostic",
    111: "Account",
    112: "Credit",
    113: "Charge",
    115: "Token gateway",
    122: "Function control",
}
"""Name by number of the interface class."""


def class_name(class_id: int) -> str:
    """Return the name of an interface class; ``unknown class 999`` where we know none."""
    return CLASS_NAMES.get(class_id, f"unknown class {class_id}")
