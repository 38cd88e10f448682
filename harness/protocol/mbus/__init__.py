"""M-Bus as a master speaks it: frames, addresses, records and encryption."""

from harness.protocol.mbus.address import SecondaryAddress
from harness.protocol.mbus.date_time import MBusTime, date_time_from_bytes, type_f_to_bytes
from harness.protocol.mbus.frame import (
    ALL_SLAVES,
    SELECTED_SLAVE,
    TEST_ADDRESS,
    Control,
    Frame,
    FrameCountBit,
    FrameReader,
    LongFrame,
    ShortFrame,
    SingleCharacter,
    frame_from_bytes,
)
from harness.protocol.mbus.record import Record, Records, records_from_bytes
from harness.protocol.mbus.telegram import (
    ApplicationError,
    Header,
    Information,
    Status,
    Telegram,
    slave_of,
    telegram_of,
)

__all__ = [
    "ALL_SLAVES",
    "SELECTED_SLAVE",
    "TEST_ADDRESS",
    "ApplicationError",
    "Control",
    "Frame",
    "FrameCountBit",
    "FrameReader",
    "Header",
    "Information",
    "LongFrame",
    "MBusTime",
    "Record",
    "Records",
    "SecondaryAddress",
    "ShortFrame",
    "SingleCharacter",
    "Status",
    "Telegram",
    "date_time_from_bytes",
    "frame_from_bytes",
    "records_from_bytes",
    "slave_of",
    "telegram_of",
    "type_f_to_bytes",
]
