"""What a head end writes to profiles of stored sets, to their schedules and scripts."""

from harness.protocol.axdr import Data, DataType

__all__ = [
    "ONE_TIME",
    "OPEN_DATES",
    "TIMES_ALIKE",
    "Written",
    "entries_data",
    "kind_data",
    "no_number_data",
    "script_data",
    "times_data",
    "zone_data",
]

Written = Data
"""What a write carries."""

ONE_TIME = 1
"""Type of a schedule with one execution time, of which the date may be open."""
TIMES_ALIKE = (1, 3)
"""Types all of whose entries have the same time of day; dates may be open."""
OPEN_DATES = (1, 3, 5)
"""Types whose dates may have open parts, as "every day" needs them."""


def entries_data(number: int) -> Data:
    """A number of sets to keep."""
    return Data(DataType.DOUBLE_LONG_UNSIGNED, number)


def no_number_data() -> Data:
    """Data of a type that no number of sets has."""
    return Data(DataType.OCTET_STRING, b"\x05")


def kind_data(kind: int) -> Data:
    """The type of a schedule."""
    return Data(DataType.ENUM, kind)


def times_data(*times: Data) -> Data:
    """The execution times of a schedule."""
    return Data(DataType.ARRAY, times)


def script_data(number: int) -> Data:
    """The number of a script to execute."""
    return Data(DataType.LONG_UNSIGNED, number)


def zone_data(minutes: int) -> Data:
    """The time zone of a clock."""
    return Data(DataType.LONG, minutes)
