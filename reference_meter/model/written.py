"""What clients write: the right type, then the right range."""

from collections.abc import Container
from typing import Any

from reference_meter.model.data import Pair
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.model_port import AccessRefused

__all__ = [
    "ARRAY",
    "BIT_STRING",
    "BOOLEAN",
    "DOUBLE_LONG_UNSIGNED",
    "ENUM",
    "INTEGER",
    "LONG",
    "LONG_UNSIGNED",
    "OCTET_STRING",
    "STRUCTURE",
    "UNSIGNED",
    "fields",
    "out_of_range",
    "written",
    "written_in",
]

ARRAY, STRUCTURE, BOOLEAN, BIT_STRING, DOUBLE_LONG_UNSIGNED, OCTET_STRING = 1, 2, 3, 4, 6, 9
INTEGER, LONG, UNSIGNED, LONG_UNSIGNED, ENUM = 15, 16, 17, 18, 22


def written(data: Pair | None, tag: int) -> Any:
    """The value of data of one type; AccessRefused for another type, and for none."""
    if data is None or data[0] != tag:
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    return data[1]


def written_in(data: Pair | None, tag: int, allowed: Container[Any]) -> Any:
    """The same where only some values are allowed."""
    value = written(data, tag)
    if value not in allowed:
        raise out_of_range()
    return value


def fields(data: Pair | None, *tags: int) -> list[Any]:
    """The values of a structure whose elements have these types."""
    elements = written(data, STRUCTURE)
    if len(elements) != len(tags):
        raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
    return [written(element, tag) for element, tag in zip(elements, tags, strict=True)]


def out_of_range() -> AccessRefused:
    """The refusal of a value that has the right type."""
    return AccessRefused(DataAccessResult.OTHER_REASON)
