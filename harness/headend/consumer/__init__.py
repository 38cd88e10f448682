"""The consumer's device at one door of the meter."""

from harness.headend.consumer.heard import Arrival, Heard, Requested
from harness.headend.consumer.layouts import Told
from harness.headend.consumer.port import ConsumerPort
from harness.protocol.p1 import Address, Quantity

__all__ = ["Address", "Arrival", "ConsumerPort", "Heard", "Quantity", "Requested", "Told"]
