"""Who stands at a door that does not speak DLMS, by its protocol."""

from collections.abc import Callable, Mapping

from harness.headend.consumer import ConsumerPort
from harness.headend.door_side import DoorSide, PlacedAt
from harness.headend.mbus import MBusMaster
from harness.headend.optical import OpticalPort
from harness.headend.pushing import PushListener

__all__ = ["SIDES"]

SIDES: Mapping[str, Callable[[PlacedAt], DoorSide]] = {
    "iec62056_21": OpticalPort,
    "mbus": MBusMaster,
    "p1": ConsumerPort,
    "han": ConsumerPort,
    "push": PushListener,
}
"""Protocol of a door -> what makes its side; of DLMS doors the head end itself is the side."""
