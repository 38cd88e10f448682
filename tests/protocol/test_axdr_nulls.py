import pytest

from harness.errors import DecodeError
from harness.protocol.axdr import Row, expand_nulls

MIDNIGHT = bytes.fromhex("07E4010103000000008000FF")
QUARTER = bytes.fromhex("07E401010300 0F 00 00 8000FF")
HALF = bytes.fromhex("07E401010300 1E 00 00 8000FF")
STATUS, TIME, NULL = 17, 9, 0


def test_null_data_takes_the_cell_of_the_row_before() -> None:
    rows = [
        Row((TIME, STATUS, 6), (MIDNIGHT, 8, 100)),
        Row((NULL, NULL, 6), (None, None, 110)),
        Row((NULL, STATUS, NULL), (None, 9, None)),
    ]
    assert list(expand_nulls(rows, 900)) == [
        Row((TIME, STATUS, 6), (MIDNIGHT, 8, 100), (False, False, False)),
        Row((TIME, STATUS, 6), (QUARTER, 8, 110), (True, True, False)),
        Row((TIME, STATUS, 6), (HALF, 9, 110), (True, False, True)),
    ]


def test_a_full_row_in_between_begins_anew() -> None:
    rows = [Row((TIME,), (HALF,)), Row((TIME,), (MIDNIGHT,)), Row((NULL,), (None,))]
    assert [row.values for row in expand_nulls(rows, 900)] == [(HALF,), (MIDNIGHT,), (QUARTER,)]


def test_without_a_period_the_time_stays() -> None:
    rows = [Row((TIME,), (MIDNIGHT,)), Row((NULL,), (None,))]
    assert [row.values for row in expand_nulls(rows, None)] == [(MIDNIGHT,), (MIDNIGHT,)]


def test_a_descending_profile_has_a_negative_period() -> None:
    rows = [Row((TIME,), (QUARTER,)), Row((NULL,), (None,))]
    assert [row.values for row in expand_nulls(rows, -900)] == [(QUARTER,), (MIDNIGHT,)]


def test_the_day_goes_over_with_its_weekday() -> None:
    late = bytes.fromhex("07E401010317 2D 00 00 FFC4 00")
    next_day = bytes.fromhex("07E401020400 00 00 00 FFC4 00")
    rows = [Row((25,), (late,)), Row((NULL,), (None,))]
    assert [row.values for row in expand_nulls(rows, 900)] == [(late,), (next_day,)]


def test_the_clock_column_is_found_or_given() -> None:
    other = bytes([0xEE] * 12)
    first = Row((TIME, STATUS, TIME), (other, 1, MIDNIGHT))
    second = Row((NULL, NULL, NULL), (None, None, None))
    assert list(expand_nulls([first, second], 900))[1].values == (other, 1, QUARTER)
    pair = [Row((TIME, TIME), (MIDNIGHT, MIDNIGHT)), Row((NULL, NULL), (None, None))]
    assert list(expand_nulls(pair, 900, clock_column=1))[1].values == (MIDNIGHT, QUARTER)


def test_without_a_clock_column_nothing_moves_on() -> None:
    rows = [Row((TIME, 6), (b"AB", 5)), Row((NULL, NULL), (None, None))]
    assert list(expand_nulls(rows, 900))[1].values == (b"AB", 5)


@pytest.mark.parametrize(
    "rows",
    [
        [Row((NULL,), (None,))],
        [Row((TIME, 6), (MIDNIGHT, 1)), Row((NULL,), (None,))],
        [Row((TIME,), (MIDNIGHT,)), Row((6,), (5,)), Row((NULL,), (None,))],
        [Row((TIME,), (MIDNIGHT,)), Row((TIME,), (bytes([0xFF] * 12),)), Row((NULL,), (None,))],
        [Row((TIME,), (MIDNIGHT,)), Row((TIME,), (b"",)), Row((NULL,), (None,))],
    ],
    ids=["first row", "fewer cells", "no time before", "open time before", "empty time before"],
)
def test_null_data_that_stands_for_nothing_is_refused(rows: list[Row]) -> None:
    with pytest.raises(DecodeError, match=r"null-data|date-time"):
        list(expand_nulls(rows, 900))
