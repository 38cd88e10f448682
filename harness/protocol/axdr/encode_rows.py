"""Fast way to encode an array of structures of equal shape, as profile buffers are.

All rows are packed in sweeps by one ``struct``; tags and lengths, the same in every row, are then laid over by
strided slices. Whatever is not of equal shape is left to the general way.
"""

import struct
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Final

from harness.protocol.axdr.length import push_length
from harness.protocol.axdr.types import FIXED_FORMAT, Data, DataType

__all__ = ["MIN_ROWS", "maybe_push_rows"]

MIN_ROWS: Final = 8
"""Below this the sweep costs more than it saves."""

_SWEEP_ROWS: Final = 64
_TYPE: Final = attrgetter("type")
_VALUE: Final = attrgetter("value")
# A sweep packs octets with filling and cutting, so their lengths are looked at first.
_OCTETS: Final = {
    DataType.OCTET_STRING: None,
    DataType.DATE_TIME: 12,
    DataType.DATE: 5,
    DataType.TIME: 4,
}


def maybe_push_rows(rows: tuple[Data, ...]) -> bytes | None:
    """Return the content octets of an array of ``rows``, or None where they are not of one simple shape."""
    count = len(rows)
    if list(map(_TYPE, rows)) != [DataType.STRUCTURE] * count:
        return None
    structures = list(map(_VALUE, rows))
    if set(map(type, structures)) != {tuple} or len(set(map(len, structures))) != 1:
        return None
    width = len(structures[0])
    cells = list(chain.from_iterable(structures))
    types = list(map(_TYPE, cells))
    kinds = tuple(types[:width])
    if types != types[:width] * count:
        return None
    values = list(map(_VALUE, cells))
    lengths = _prepare_columns(kinds, values)
    return None if lengths is None else _pack(kinds, lengths, values, count)


def _prepare_columns(kinds: tuple[DataType, ...], values: list[object]) -> tuple[int, ...] | None:
    """Check the columns in ``values`` (row after row) and return the octet-string lengths, 0 for other columns."""
    lengths = []
    width = len(kinds)
    for index, kind in enumerate(kinds):
        length = 0
        if kind in _OCTETS:
            column = values[index::width]
            if set(map(type, column)) != {bytes}:
                return None
            found = set(map(len, column))  # type: ignore[arg-type]  # the line above has seen that all are bytes
            length = found.pop()
            if found or _OCTETS[kind] not in (None, length):
                return None
        elif kind is DataType.BOOLEAN:
            column = values[index::width]
            if set(map(type, column)) != {bool}:
                return None
            values[index::width] = [255 if value else 0 for value in column]
        elif not FIXED_FORMAT.get(kind):
            return None
        lengths.append(length)
    return tuple(lengths)


@lru_cache(maxsize=32)
def _layout(kinds: tuple[DataType, ...], lengths: tuple[int, ...]) -> tuple[str, bytes, tuple[int, ...]]:
    """Return the ``struct`` codes of a row, its constant octets and where in the row these stand."""
    code = ""
    row = bytearray(bytes((DataType.STRUCTURE,)) + push_length(len(kinds)))
    constant = list(range(len(row)))
    code += f"{len(row)}x"
    for kind, length in zip(kinds, lengths, strict=True):
        head = bytes((kind,))
        content = FIXED_FORMAT.get(kind, "")
        if kind is DataType.OCTET_STRING:
            head += push_length(length)
            content = f"{length}s"
        elif kind is DataType.BOOLEAN:
            content = "B"
        constant += range(len(row), len(row) + len(head))
        code += f"{len(head)}x{content}"
        row += head + bytes(struct.calcsize(">" + content))
    return code, bytes(row), tuple(constant)


def _pack(kinds: tuple[DataType, ...], lengths: tuple[int, ...], values: list[object], count: int) -> bytes:
    code, row, constant = _layout(kinds, lengths)
    width = len(kinds)
    stride = len(row)
    octets = bytearray(count * stride)
    try:
        for first in range(0, count, _SWEEP_ROWS):
            sweep = min(_SWEEP_ROWS, count - first)
            struct.pack_into(
                ">" + code * sweep, octets, first * stride, *values[first * width : (first + sweep) * width]
            )
    except (struct.error, OverflowError) as error:
        raise ValueError(f"a row holds a value beyond its type: {error}") from None
    for offset in constant:
        octets[offset::stride] = row[offset : offset + 1] * count
    return bytes(octets)
