"""The M-Bus master at one door of the device."""

from harness.headend.mbus.master import MBusMaster
from harness.headend.mbus.reading import Reading

__all__ = ["MBusMaster", "Reading"]
