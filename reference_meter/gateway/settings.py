"""What one gateway is: the devices behind it, how they are reached, and what is recorded of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from reference_meter.model.data import obis

__all__ = ["CHILDREN", "RECORDED", "ChildSettings", "Condition", "DeviceLogName", "GatewaySettings", "Recorded"]

DeviceLogName = Literal["interaction", "condition"]
Condition = Literal[
    "good", "silent", "late", "damaged", "foreign", "undecipherable", "replaying", "tampered", "power_lost"
]
"""How a device behind the gateway behaves, or what it announces: ``tampered`` and ``power_lost`` are announced."""

Recorded = Literal[
    "device_session",
    "device_read",
    "device_written",
    "device_commanded",
    "device_unreachable",
    "device_returned",
    "device_late",
    "device_damaged",
    "device_foreign",
    "device_undecipherable",
    "device_replayed",
    "device_unauthorised",
    "device_tampered",
    "device_power_lost",
    "device_installed",
    "device_removed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSettings:
    """One device behind the gateway."""

    name: str
    """As the gateway calls it."""
    network: int
    address: bytes
    sap: int
    """Of the logical device that stands for it, where devices are reached so."""
    logical_device_name: bytes
    serial_number: bytes


def _child(number: int, name: str, network: int, address: bytes) -> ChildSettings:
    return ChildSettings(
        name=name,
        network=network,
        address=address,
        sap=16 + number,
        logical_device_name=f"CFM0000000000{100 + number}".encode(),
        serial_number=f"{100 + number:08}".encode(),
    )


CHILDREN = (
    _child(1, "flat-1-electricity", 1, b"\x01"),
    _child(2, "Zähler Keller 2", 1, b"\x02"),
    _child(3, "flat-3-electricity", 2, b"\x02\x03"),
)

RECORDED: Mapping[Recorded, tuple[int, DeviceLogName]] = MappingProxyType(
    {
        "device_session": (10, "interaction"),
        "device_read": (11, "interaction"),
        "device_written": (12, "interaction"),
        "device_commanded": (13, "interaction"),
        "device_unreachable": (20, "condition"),
        "device_returned": (21, "condition"),
        "device_late": (22, "condition"),
        "device_damaged": (23, "condition"),
        "device_foreign": (24, "condition"),
        "device_unauthorised": (25, "condition"),
        "device_tampered": (26, "condition"),
        "device_power_lost": (27, "condition"),
        "device_undecipherable": (28, "condition"),
        "device_replayed": (29, "condition"),
        "device_installed": (14, "interaction"),
        "device_removed": (15, "interaction"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """The gateway's own part; all else is as in a meter."""

    children: tuple[ChildSettings, ...] = CHILDREN
    routing: Literal["prefix", "sap"] = "prefix"
    """Devices are reached by an envelope around each APDU, or as logical devices of the gateway."""
    recorded: Mapping[Recorded, tuple[int, DeviceLogName]] = field(default_factory=lambda: RECORDED)
    """What is recorded, under which code and in which log; what has no entry is not recorded."""
    code_step: int = 0
    """Added to each code for each device before the one it is about; 0 where a column has the name."""
    name_first: bool = False
    """The name stands before time and code."""
    entries: int = 60
    """So many entries does each log hold."""
    newest_first: bool = False
    numbered: bool = False
    """A number stands for each device in the records, its place on the list."""
    attempts: int = 1
    """After so many requests in vain a device is out of reach."""
    repeats: bool = False
    """That a device is out of reach is recorded at each request."""
    retries: int = 3
    """So often is a silent device asked."""
    patience_s: float = 1.0
    """So long is it waited for each time."""
    device_list: bytes = obis("0.0.96.50.0.255")
    device_name: bytes = obis("0.0.96.50.1.255")
    retry_count: bytes = obis("0.0.96.50.2.255")
    device_scripts: bytes = obis("0.0.10.0.130.255")
    """Script 2n - 1 makes device n one of the gateway's, script 2n removes it."""
    interaction_log: bytes = obis("0.0.99.98.6.255")
    interaction_code: bytes = obis("0.0.96.11.6.255")
    condition_log: bytes = obis("0.0.99.98.7.255")
    condition_code: bytes = obis("0.0.96.11.7.255")

    def log_obis(self, log: DeviceLogName) -> bytes:
        """The log of one name."""
        return self.interaction_log if log == "interaction" else self.condition_log

    def code_obis(self, log: DeviceLogName) -> bytes:
        """The object with the code of the log's last entry."""
        return self.interaction_code if log == "interaction" else self.condition_code
