"""A buffer that is too long for one answer, read in parts by the numbers of its entries."""

from typing import TYPE_CHECKING

from harness.errors import Inconclusive, Refused
from harness.protocol import apdu as xdlms
from harness.protocol.axdr import Row

if TYPE_CHECKING:
    from harness.headend.profiles import ProfileReader

__all__ = ["rows_in_parts"]

_ENTRIES_AT_ONCE = 16
_ATTEMPTS = 3


def rows_in_parts(reader: "ProfileReader") -> list[Row]:
    """Read all rows in the device's order; raises ``Refused`` where not even one row can be had by its number.

    A row that comes in between moves the numbers of the others, so the first row is read once more at the end.
    """
    for _ in range(_ATTEMPTS):
        used = reader.entries_in_use()
        if not used:
            return []
        rows = _numbered(reader, used)
        if reader.entries_in_use() == used and list(reader.stream(_entries(1, 1))) == rows[:1]:
            return rows
    raise Inconclusive("rows came in between while the buffer was read in parts", missing="device")


def _numbered(reader: "ProfileReader", used: int) -> list[Row]:
    rows: list[Row] = []
    at_once = _ENTRIES_AT_ONCE
    while len(rows) < used:
        first = len(rows) + 1
        try:
            part = list(reader.stream(_entries(first, min(used, first + at_once - 1))))
        except Refused:
            if at_once == 1:
                raise
            at_once //= 2
            continue
        if not part:
            break
        rows += part
    return rows


def _entries(first: int, last: int) -> xdlms.EntrySelection:
    return xdlms.EntrySelection(from_entry=first, to_entry=last, from_column=1, to_column=0)
