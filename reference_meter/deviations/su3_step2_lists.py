"""SU3 step 2: a list has each value at its place, the same as when it is read alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter

__all__ = ["FAMILIES"]

Result = Pair | int
"""An ``int`` is the data-access-result of an item that could not be read."""
Encode = Callable[[Iterable[Result]], Iterator[bytes]]

_DOUBLE_LONG_UNSIGNED = 6


def _change_results(meter: Meter, change: Callable[[Sequence[Result]], Sequence[Result]]) -> None:
    """Send what ``change`` makes of the results of each list."""

    def encode_results(original: Encode, results: Iterable[Result]) -> Iterator[bytes]:
        before = list(results)
        after = change(before)
        if after != before:
            meter.fire()
        return original(after)

    wrap(meter.server.services.gets, "encode_results", encode_results)


@deviation("list-items-swapped", "SU3.step2", about="Two neighbouring values of a list stand in each other's place.")
def list_items_swapped(meter: Meter, rng: Random) -> None:
    """Draw the place."""
    drawn = rng.randrange(100)

    def change(results: Sequence[Result]) -> Sequence[Result]:
        if len(results) < 2:
            return results
        changed = list(results)
        place = drawn % (len(changed) - 1)
        changed[place : place + 2] = reversed(changed[place : place + 2])
        return changed

    _change_results(meter, change)


@deviation("list-item-missing", "SU3.step2", about="A list has one value less than was asked for.")
def list_item_missing(meter: Meter, rng: Random) -> None:
    """Draw the place."""
    drawn = rng.randrange(100)

    def change(results: Sequence[Result]) -> Sequence[Result]:
        if len(results) < 2:
            return results
        place = drawn % len(results)
        return [*results[:place], *results[place + 1 :]]

    _change_results(meter, change)


@deviation(
    "list-value-differs-from-single",
    "SU3.step2",
    about="A register shows another value in a list than when it is read alone.",
)
def list_value_differs(meter: Meter, rng: Random) -> None:
    """Draw which of the numbers in a list, and by how much."""
    drawn, error = rng.randrange(100), rng.randint(500, 5000)

    def change(results: Sequence[Result]) -> Sequence[Result]:
        numbers = [
            place
            for place, result in enumerate(results)
            if not isinstance(result, int) and result[0] == _DOUBLE_LONG_UNSIGNED
        ]
        if not numbers:
            return results
        changed = list(results)
        place = numbers[drawn % len(numbers)]
        changed[place] = (_DOUBLE_LONG_UNSIGNED, numeric_value(results[place]) + error)
        return changed

    _change_results(meter, change)


def numeric_value(result: Result) -> int:
    """The number of a result that is one."""
    if isinstance(result, int):
        raise ValueError(f"data-access-result {result} is no value")
    return int(result[1])


@deviation(
    "bad-item-shifts-list",
    "SU3.step2",
    about="In a list with an item that cannot be read, the values after it move up and the error comes last.",
)
def bad_item_shifts_list(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(results: Sequence[Result]) -> Sequence[Result]:
        return sorted(results, key=lambda result: isinstance(result, int))

    _change_results(meter, change)


FAMILIES = (list_items_swapped, list_item_missing, list_value_differs, bad_item_shifts_list)
