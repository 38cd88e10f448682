"""The parameters of a profile that can be written: capture objects, capture period and number of entries."""

from collections.abc import Callable, Iterable, Mapping

from reference_meter.model.audit import Audit
from reference_meter.model.capture import PeriodicCapture
from reference_meter.model.data import Pair
from reference_meter.model.objects import CosemObject
from reference_meter.model.profile import LoadProfile
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

__all__ = ["PERIODS_S", "profile_writes"]

_HOUR_S, _DAY_S = 3_600, 86_400
PERIODS_S = (
    0,
    *(period_s for period_s in range(60, _HOUR_S + 1) if _HOUR_S % period_s == 0),
    *(period_s for period_s in range(_HOUR_S + 1, _DAY_S + 1) if _DAY_S % period_s == 0),
)
"""0, or what divides the hour or the day."""
_CAPTURE_OBJECTS, _CAPTURE_PERIOD, _PROFILE_ENTRIES = 3, 4, 8
_CAPTURED_CLASSES = (1, 3, 4, 5, 8)


def profile_writes(
    profile: LoadProfile,
    capture: PeriodicCapture,
    objects: Mapping[bytes, CosemObject],
    audit: Audit,
    *,
    attributes: Iterable[int] = (_CAPTURE_OBJECTS, _CAPTURE_PERIOD, _PROFILE_ENTRIES),
) -> dict[int, Callable[[Pair], None]]:
    """Writes of these attributes of one profile; each change is audited, and what is refused changes nothing.

    ``objects`` are those that can be captured. With other columns or another period all rows go.
    """

    def write_columns(data: Pair) -> None:
        columns = tuple(_column(element) for element in written(data, ARRAY))
        # Rows are found by their time, which is the first column.
        if not 1 <= len(columns) <= profile.settings.most_columns or columns[0] != profile.columns[0]:
            raise out_of_range()
        if not all(_is_captured(column, objects) for column in columns):
            raise out_of_range()
        profile.capture_others(columns)

    def write_period(data: Pair) -> None:
        profile.capture_every(written_in(data, DOUBLE_LONG_UNSIGNED, PERIODS_S))
        capture.plan()

    def write_entries(data: Pair) -> None:
        entries, most = written(data, DOUBLE_LONG_UNSIGNED), profile.settings.most_entries
        if entries > most and profile.settings.clips_entries:
            entries = most
        if not 1 <= entries <= most:
            raise out_of_range()
        profile.resize(entries)

    writes = {
        _CAPTURE_OBJECTS: audit.writing(lambda: profile.columns, write_columns),
        _CAPTURE_PERIOD: audit.writing(lambda: profile.period_s, write_period),
        _PROFILE_ENTRIES: audit.writing(lambda: profile.entries, write_entries),
    }
    return {number: writes[number] for number in attributes}


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
