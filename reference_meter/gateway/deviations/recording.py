"""What the families of deviations of a gateway share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from reference_meter.deviations.family import wrap
from reference_meter.gateway.settings import ChildSettings, Recorded

if TYPE_CHECKING:
    from reference_meter.gateway.gateway import Gateway
    from reference_meter.meter import Meter

__all__ = ["CONDITIONS", "INTERACTIONS", "LISTED", "NOTED", "Record", "gateway_of", "leave_out", "recording"]

LISTED, NOTED = "TR-Conf.03a", "TR-Conf.03b"
INTERACTIONS: tuple[Recorded, ...] = ("device_session", "device_read", "device_written", "device_commanded")
CONDITIONS: tuple[Recorded, ...] = (
    "device_unreachable",
    "device_late",
    "device_damaged",
    "device_foreign",
    "device_undecipherable",
    "device_replayed",
    "device_unauthorised",
    "device_tampered",
)
Record = Callable[[Recorded, ChildSettings], None]


def gateway_of(meter: "Meter") -> "Gateway":
    """The device of these families is always a gateway."""
    return cast("Gateway", meter)


def recording(gateway: "Gateway", around: Callable[[Record, Recorded, ChildSettings], None]) -> None:
    """Do something else where something about a device is recorded."""
    wrap(gateway.logs, "record", around)


def leave_out(meter: "Meter", left: Recorded) -> None:
    """Have nothing of one kind recorded."""
    gateway = gateway_of(meter)

    def record(original: Record, what: Recorded, child: ChildSettings) -> None:
        if what == left:
            gateway.fire()
        else:
            original(what, child)

    recording(gateway, record)
