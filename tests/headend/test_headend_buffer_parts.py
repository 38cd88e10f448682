"""Reading a buffer in parts: all rows once, in order, however few go into one answer."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from harness.errors import Inconclusive, Refused
from harness.headend.buffer_parts import rows_in_parts
from harness.headend.profiles import ProfileReader
from harness.protocol import apdu as xdlms
from harness.protocol.axdr import Row


class Shelf:
    """A buffer of which an answer holds a few rows; with ``moving`` a row comes and goes at each look."""

    def __init__(self, rows: int, at_once: int, *, moving: bool = False) -> None:
        self.rows = [Row((17,), (number,)) for number in range(rows)]
        self.at_once = at_once
        self.moving = moving
        self.requests = 0

    def entries_in_use(self) -> int:
        if self.moving:
            self.rows = [*self.rows[1:], Row((17,), (self.requests + 1000,))]
        return len(self.rows)

    def stream(self, selection: xdlms.EntrySelection) -> Iterator[Row]:
        self.requests += 1
        part = self.rows[selection.from_entry - 1 : selection.to_entry]
        if len(part) > self.at_once:
            raise Refused("too long", "dar:250")
        yield from part


def _read(shelf: Any) -> list[Row]:
    return rows_in_parts(cast("ProfileReader", shelf))


@pytest.mark.parametrize("at_once", [1, 3, 16, 100])
@pytest.mark.parametrize("rows", [0, 1, 16, 17, 50])
def test_all_rows_come_once_and_in_order(rows: int, at_once: int) -> None:
    shelf = Shelf(rows, at_once)
    assert _read(shelf) == shelf.rows


def test_where_no_row_fits_that_is_refused() -> None:
    with pytest.raises(Refused):
        _read(Shelf(5, 0))


def test_rows_that_move_meanwhile_are_no_basis() -> None:
    with pytest.raises(Inconclusive, match="came in between"):
        _read(Shelf(20, 16, moving=True))
