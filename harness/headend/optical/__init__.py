"""The hand-held unit at the local port of the device."""

from harness.headend.optical.line import password_like
from harness.headend.optical.port import OpticalPort
from harness.headend.optical.readout import Readout
from harness.headend.optical.told import Told

__all__ = ["OpticalPort", "Readout", "Told", "password_like"]
