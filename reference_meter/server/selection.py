"""Selective access: from selector and parameters to what the model understands."""

from reference_meter.codec.axdr import Pair
from reference_meter.codec.request import AttributeDescriptor
from reference_meter.server.model_port import (
    AccessRefused,
    ColumnDescriptor,
    EntrySelection,
    RangeSelection,
    Selection,
    UnknownSelector,
)
from reference_meter.server.results import DataAccessResult

__all__ = ["selection_of"]

_PROFILE_GENERIC = 7
_BY_RANGE, _BY_ENTRY = 1, 2
_STRUCTURE, _ARRAY = 2, 1

# Tags of the fields of a capture object definition: class, logical name, attribute, data index.
_COLUMN_TAGS = (18, 9, 15, 18)
# Tags of an entry descriptor: first and last entry, first and last column.
_ENTRY_TAGS = (6, 6, 18, 18)


def selection_of(attribute: AttributeDescriptor) -> Selection | None:
    """Give the selection of a request; parameters of wrong types are refused with type-unmatched."""
    if attribute.selector is None or attribute.parameters is None:
        return None
    if attribute.class_id == _PROFILE_GENERIC and attribute.attribute == 2:
        if attribute.selector == _BY_RANGE:
            return _range_of(attribute.parameters)
        if attribute.selector == _BY_ENTRY:
            return _entries_of(attribute.parameters)
    return UnknownSelector(selector=attribute.selector)


def _range_of(parameters: Pair) -> RangeSelection:
    restricting, from_value, to_value, columns = _fields(parameters, 4)
    if columns[0] != _ARRAY:
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    return RangeSelection(
        restricting=_column_of(restricting),
        from_value=from_value,
        to_value=to_value,
        columns=tuple(_column_of(column) for column in columns[1]),
    )


def _entries_of(parameters: Pair) -> EntrySelection:
    from_entry, to_entry, from_column, to_column = _values(parameters, _ENTRY_TAGS)
    return EntrySelection(from_entry=from_entry, to_entry=to_entry, from_column=from_column, to_column=to_column)


def _column_of(pair: Pair) -> ColumnDescriptor:
    class_id, obis, attribute, data_index = _values(pair, _COLUMN_TAGS)
    return ColumnDescriptor(class_id=class_id, obis=obis, attribute=attribute, data_index=data_index)


def _fields(pair: Pair, count: int) -> list[Pair]:
    tag, fields = pair
    if tag != _STRUCTURE or len(fields) != count:
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    return list(fields)


def _values(pair: Pair, tags: tuple[int, ...]) -> tuple:  # type: ignore[type-arg] # types follow the tags
    fields = _fields(pair, len(tags))
    if tuple(tag for tag, _ in fields) != tags:
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    return tuple(value for _, value in fields)
