"""P1 telegrams: what a meter tells the consumer's devices, all by itself."""

from harness.protocol.p1.crc import crc16
from harness.protocol.p1.line import Address, DataLine
from harness.protocol.p1.reader import TelegramReader
from harness.protocol.p1.telegram import Telegram
from harness.protocol.p1.values import Failure, Quantity, Stamp, SubMeterReading

__all__ = [
    "Address",
    "DataLine",
    "Failure",
    "Quantity",
    "Stamp",
    "SubMeterReading",
    "Telegram",
    "TelegramReader",
    "crc16",
]
