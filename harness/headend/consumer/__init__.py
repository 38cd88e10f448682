"""The consumer's device at one door of the meter."""

from harness.headend.consumer.heard import Arrival, Heard
from harness.headend.consumer.port import ConsumerPort
from harness.protocol.p1 import Address, Quantity, Telegram

__all__ = ["Address", "Arrival", "ConsumerPort", "Heard", "Quantity", "Telegram"]
