"""What scenarios about data flows ask for, write and look for in answers."""

from harness.declaration import CosemObject
from harness.errors import DeviceError
from harness.headend.client import Client
from harness.headend.profiles import ProfileReader
from harness.headend.registers import Listed
from harness.headend.requests import get_request
from harness.headend.restoring.key_transfer import KeyTransfer
from harness.headend.restoring.key_trouble import transfer_request
from harness.protocol.apdu import EntrySelection, RangeSelection
from harness.protocol.axdr import Data, DataType, decode
from harness.protocol.cosem import obis
from harness.protocol.security import Underprotected

__all__ = [
    "Data",
    "first_entries",
    "holds_value",
    "is_nothing",
    "last_day",
    "like_a_secret",
    "number_like",
    "takes_key_in_the_clear",
    "with_column",
]

_RANGE_S = 86_400
_FEW_ENTRIES = 3
_ACTION_RESPONSE, _SUCCESS = b"\xc7\x01", b"\x00"


def first_entries(profile: CosemObject) -> bytes:
    """Return the octets of a GET of the first rows of a profile by their numbers."""
    selection = EntrySelection(from_entry=1, to_entry=_FEW_ENTRIES, from_column=1, to_column=0)
    return get_request(profile, selection=selection)


def last_day(profile: CosemObject, reader: ProfileReader) -> bytes:
    """Return the octets of a GET of the rows of the last day by the device's clock, as ``reader`` sees it."""
    now = reader.now()
    column = reader.columns()[reader.clock_column()]
    selection = RangeSelection(
        restricting_class=column.class_id,
        restricting_obis=obis(column.obis),
        restricting_attribute=column.attribute,
        restricting_index=column.index,
        from_value=Data(DataType.OCTET_STRING, now.later(-_RANGE_S).to_octets()),
        to_value=Data(DataType.OCTET_STRING, now.to_octets()),
        columns=(),
    )
    return get_request(profile, selection=selection)


def holds_value(listed: Listed) -> bool:
    """Whether an item of a list answer is more than an error or null-data."""
    return listed.data is not None and listed.data.type is not DataType.NULL_DATA


def is_nothing(data: Data) -> bool:
    """Whether a value is null-data or an empty string."""
    return data.value in (None, b"")


def number_like(data: Data, number: int) -> Data:
    """Return a number of the same type."""
    return Data(data.type, number)


def with_column(columns: Data, captured: CosemObject) -> Data:
    """Return capture objects with one more behind them."""
    more = Data(
        DataType.STRUCTURE,
        (
            Data(DataType.LONG_UNSIGNED, captured.class_id),
            Data(DataType.OCTET_STRING, captured.logical_name),
            Data(DataType.INTEGER, captured.attribute),
            Data(DataType.LONG_UNSIGNED, 0),
        ),
    )
    before = columns.value if isinstance(columns.value, tuple) else ()
    return Data(DataType.ARRAY, (*before, more))


def like_a_secret(octets: bytes) -> bool:
    """Whether attribute secret of an association gives more than nothing or a row of asterisks."""
    data = decode(octets)
    if data.type not in (DataType.OCTET_STRING, DataType.VISIBLE_STRING, DataType.UTF8_STRING):
        return False
    return len(set(data.value if isinstance(data.value, bytes | str) else b"")) > 1


def takes_key_in_the_clear(client: Client, transfer: KeyTransfer, name: str) -> bool:
    """Send the declared key, rightly wrapped, outside the association's ciphering; whether it is said to be taken."""
    request = transfer_request(transfer, transfer.wrapped({name: transfer.declared_key(name)}).parameter)
    try:
        answer = client.conversation.exchange(request, repeat=False, protect=bytes).octets
    except Underprotected as bare:
        answer = bare.apdu
    except DeviceError:
        return False  # refused in whatever way, or not answered
    return answer[:2] == _ACTION_RESPONSE and answer[3:4] == _SUCCESS
