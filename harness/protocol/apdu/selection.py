"""Selective access: which part of an attribute is asked for; its octets are selector and parameter."""

from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.axdr import Data, DataType, decode, encode, skip
from harness.protocol.cosem import obis_text

__all__ = [
    "CaptureColumn",
    "EntrySelection",
    "OtherSelection",
    "RangeSelection",
    "Selection",
    "decode_selection",
    "pull_selection",
    "push_selection",
]

_BY_RANGE: Final = 1
_BY_ENTRY: Final = 2

# The shape of a column definition: class, OBIS code, attribute, data index.
_COLUMN_TYPES: Final = (DataType.LONG_UNSIGNED, DataType.OCTET_STRING, DataType.INTEGER, DataType.LONG_UNSIGNED)
_RANGE_FIELDS: Final = 4
_ENTRY_TYPES: Final = (
    DataType.DOUBLE_LONG_UNSIGNED,
    DataType.DOUBLE_LONG_UNSIGNED,
    DataType.LONG_UNSIGNED,
    DataType.LONG_UNSIGNED,
)


@dataclass(frozen=True, slots=True)
class CaptureColumn:
    """One column of a profile: what is captured."""

    class_id: int
    obis: bytes
    attribute: int
    data_index: int = 0

    def to_data(self) -> Data:
        """Return it as the structure that profiles use."""
        values = (self.class_id, self.obis, self.attribute, self.data_index)
        cells = tuple(Data(kind, value) for kind, value in zip(_COLUMN_TYPES, values, strict=True))
        return Data(DataType.STRUCTURE, cells)

    @classmethod
    def from_data(cls, data: Data) -> "CaptureColumn":
        """Read it back; raises ``DecodeError`` where ``data`` is no column definition."""
        match _typed(data, _COLUMN_TYPES):
            case (int(class_id), bytes(obis), int(attribute), int(data_index)) if len(obis) == 6:
                return cls(class_id, obis, attribute, data_index)
        raise DecodeError("no column definition of class, OBIS code, attribute and data index")

    def __str__(self) -> str:
        return f"{self.class_id}/{obis_text(self.obis)}/{self.attribute}/{self.data_index}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeSelection:
    """Rows whose cell in the restricting column lies between two values, ends included."""

    restricting_class: int
    restricting_obis: bytes
    restricting_attribute: int
    restricting_index: int = 0
    from_value: Data
    to_value: Data
    columns: tuple[CaptureColumn, ...] = ()
    """The columns to return; none named means all."""

    def to_bytes(self) -> bytes:
        """Encode selector and parameter."""
        restricting = CaptureColumn(
            self.restricting_class, self.restricting_obis, self.restricting_attribute, self.restricting_index
        )
        columns = Data(DataType.ARRAY, tuple(column.to_data() for column in self.columns))
        fields = (restricting.to_data(), self.from_value, self.to_value, columns)
        return bytes((_BY_RANGE,)) + encode(Data(DataType.STRUCTURE, fields))

    @classmethod
    def _from_data(cls, data: Data) -> "RangeSelection":
        fields = data.value
        if data.type is not DataType.STRUCTURE or not isinstance(fields, tuple) or len(fields) != _RANGE_FIELDS:
            raise DecodeError("no range descriptor")
        restricting = CaptureColumn.from_data(fields[0])
        columns = fields[3]
        if columns.type is not DataType.ARRAY:
            raise DecodeError("no array of columns in a range descriptor")
        return cls(
            restricting_class=restricting.class_id,
            restricting_obis=restricting.obis,
            restricting_attribute=restricting.attribute,
            restricting_index=restricting.data_index,
            from_value=fields[1],
            to_value=fields[2],
            columns=tuple(map(CaptureColumn.from_data, columns.value)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySelection:
    """Rows and columns by number, both counted from 1; 0 as the end is the highest."""

    from_entry: int
    to_entry: int
    from_column: int = 1
    to_column: int = 0

    def to_bytes(self) -> bytes:
        """Encode selector and parameter."""
        values = (self.from_entry, self.to_entry, self.from_column, self.to_column)
        cells = tuple(Data(kind, value) for kind, value in zip(_ENTRY_TYPES, values, strict=True))
        return bytes((_BY_ENTRY,)) + encode(Data(DataType.STRUCTURE, cells))

    @classmethod
    def _from_data(cls, data: Data) -> "EntrySelection":
        match _typed(data, _ENTRY_TYPES):
            case (int(from_entry), int(to_entry), int(from_column), int(to_column)):
                return cls(from_entry=from_entry, to_entry=to_entry, from_column=from_column, to_column=to_column)
        raise DecodeError("no entry descriptor")


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSelection:
    """Any other selector with its parameter."""

    selector: int
    parameter: Data

    def to_bytes(self) -> bytes:
        """Encode selector and parameter."""
        return bytes((self.selector,)) + encode(self.parameter)


Selection = RangeSelection | EntrySelection | OtherSelection


def decode_selection(octets: bytes) -> Selection:
    """Read selector and parameter; a parameter that is not exactly a range or entry comes as ``OtherSelection``.

    The same selectors mean something else in other classes, so such a parameter is no error.
    """
    if not octets:
        raise DecodeError("selector missing", 0)
    selector, parameter = octets[0], decode(octets[1:])
    try:
        if selector == _BY_RANGE:
            return RangeSelection._from_data(parameter)
        if selector == _BY_ENTRY:
            return EntrySelection._from_data(parameter)
    except DecodeError:
        pass  # it is some other class's selector
    return OtherSelection(selector=selector, parameter=parameter)


def pull_selection(octets: bytes, offset: int) -> tuple[Selection | None, int]:
    """Read an optional selection with its presence flag; return it and the offset behind it."""
    if offset >= len(octets) or octets[offset] > 1:
        raise DecodeError("00 or 01 is due for selective access", offset)
    if not octets[offset]:
        return None, offset + 1
    end = skip(octets, offset + 2)
    return decode_selection(octets[offset + 1 : end]), end


def push_selection(selection: Selection | None) -> bytes:
    """Return an optional selection with its presence flag."""
    return b"\x00" if selection is None else b"\x01" + selection.to_bytes()


def _typed(data: Data, types: tuple[DataType, ...]) -> tuple[object, ...] | None:
    """Return the values of a structure whose cells have exactly these types, or None."""
    if data.type is not DataType.STRUCTURE or not isinstance(data.value, tuple):
        return None
    if tuple(cell.type for cell in data.value) != types:
        return None
    return tuple(cell.value for cell in data.value)
