"""The hand-held unit at the local port of the device."""

from harness.headend.optical.port import OpticalPort, Readout
from harness.headend.optical.told import Told

__all__ = ["OpticalPort", "Readout", "Told"]
