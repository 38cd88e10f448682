"""The parameters of the load profile that can be written: capture objects, capture period and number of entries."""

from collections.abc import Callable, Mapping

from reference_meter.model.audit import Audit
from reference_meter.model.data import Pair
from reference_meter.model.metering import Metering
from reference_meter.model.objects import CosemObject
from reference_meter.model.written import (
    ARRAY,
    DOUBLE_LONG_UNSIGNED,
    INTEGER,
    LONG_UNSIGNED,
    OCTET_STRING,
    fields,
    out_of_range,
    written,
    written_in,
)
from reference_meter.server.model_port import ColumnDescriptor

__all__ = ["load_profile_writes"]

_HOUR_S, _DAY_S = 3_600, 86_400
_PERIODS_S = (
    0,
    *(period_s for period_s in range(60, _HOUR_S + 1) if _HOUR_S % period_s == 0),
    *(period_s for period_s in range(_HOUR_S + 1, _DAY_S + 1) if _DAY_S % period_s == 0),
)
"""0, or what divides the hour or the day."""
_ENTRIES = range(1, 10_001)
_MOST_COLUMNS = 16
_CAPTURED_CLASSES = (1, 3, 4, 5, 8)


def load_profile_writes(
    metering: Metering, objects: Mapping[bytes, CosemObject], audit: Audit
) -> dict[int, Callable[[Pair], None]]:
    """Writes by attribute; each change is audited."""
    profile = metering.profile

    def write_columns(data: Pair) -> None:
        columns = tuple(_column(element) for element in written(data, ARRAY))
        # Rows are found by their time, which is the first column.
        if not 1 <= len(columns) <= _MOST_COLUMNS or columns[0] != profile.columns[0]:
            raise out_of_range()
        if not all(_is_captured(column, objects) for column in columns):
            raise out_of_range()
        profile.capture_others(columns)

    def write_period(data: Pair) -> None:
        profile.period_s = written_in(data, DOUBLE_LONG_UNSIGNED, _PERIODS_S)
        metering.capture.plan()

    def write_entries(data: Pair) -> None:
        profile.resize(written_in(data, DOUBLE_LONG_UNSIGNED, _ENTRIES))

    return {
        3: audit.writing(lambda: profile.columns, write_columns),
        4: audit.writing(lambda: profile.period_s, write_period),
        8: audit.writing(lambda: profile.entries, write_entries),
    }


def _column(element: Pair) -> ColumnDescriptor:
    class_id, obis, attribute, data_index = fields(element, LONG_UNSIGNED, OCTET_STRING, INTEGER, LONG_UNSIGNED)
    return ColumnDescriptor(class_id=class_id, obis=obis, attribute=attribute, data_index=data_index)


def _is_captured(column: ColumnDescriptor, objects: Mapping[bytes, CosemObject]) -> bool:
    """Whether this meter can store such a value: a whole attribute of an object with a plain value."""
    item = objects.get(column.obis)
    return (
        item is not None
        and item.class_id == column.class_id
        and item.class_id in _CAPTURED_CLASSES
        and column.attribute in item.attributes
        and column.data_index == 0
    )
