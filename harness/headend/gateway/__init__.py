"""The head end at a gateway: the way to the devices behind it, and its records of them."""

from harness.headend.gateway.behind import Behind
from harness.headend.gateway.records import DeviceRecord, DeviceRecords, is_text, listed_names

__all__ = ["Behind", "DeviceRecord", "DeviceRecords", "is_text", "listed_names"]
