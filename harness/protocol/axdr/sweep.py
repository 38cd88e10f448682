"""Shape of a row of simple cells, and the reading of many rows of one shape in one go.

The octets that are equal in every row of a shape (tags, counts, lengths) are compared column by column with
strided slices; then one ``struct`` reads all values. Nothing is taken on trust: a row with any other octet ends
the run.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import repeat
from struct import Struct
from typing import Final

from harness.protocol.axdr.content import pull_text
from harness.protocol.axdr.length import push_length
from harness.protocol.axdr.types import FIXED_FORMAT, TAGS, BitString, DataType

__all__ = ["Shape", "ShapeWatch", "shape_of"]

_FIRST_WINDOW: Final = 8
_WINDOW_GROWTH: Final = 16
_MOST_MISSES: Final = 6
_WORTH_ROWS: Final = 8
"""A sweep over fewer rows costs more than it saves."""

Cells = Iterable[tuple[object, ...]]


class Shape:
    """A row of simple cells with these ``types``; ``lengths`` are those of its strings, bit-strings in bits.

    ``tagged`` is False for the rows of a compact-array, which carry no tags and no count of columns.
    """

    def __init__(self, types: tuple[int, ...], lengths: tuple[int, ...], *, tagged: bool) -> None:
        self.types = types
        self._constant: list[tuple[int, bytes]] = []
        self._converters: dict[int, Callable[[bytes], object] | None] = {}
        self.stride = 0
        head = bytes((DataType.STRUCTURE,)) + push_length(len(types)) if tagged else b""
        code = ">" + self._add(head, "")
        strings = iter(lengths)
        for column, tag in enumerate(types):
            kind = TAGS[tag]
            head = bytes((tag,)) if tagged else b""
            content = FIXED_FORMAT.get(kind)
            if content is None:
                length = next(strings)
                head += push_length(length)
                content = f"{(length + 7) // 8 if kind is DataType.BIT_STRING else length}s"
                if kind is not DataType.OCTET_STRING:
                    self._converters[column] = _converter(kind, length)
            elif not content:
                self._converters[column] = None
            code += self._add(head, content)
        self._struct = Struct(code)

    def _add(self, head: bytes, content: str) -> str:
        """Lay constant octets and a value at the end of the row; the constant ones are padding to the struct."""
        for octet in head:
            self._constant.append((self.stride, bytes((octet,))))
            self.stride += 1
        self.stride += Struct(">" + content).size
        return f"{len(head)}x{content}"

    def run(self, octets: bytes, offset: int, most: int) -> tuple[int, Cells]:
        """Return how many of the ``most`` rows from ``offset`` on have this shape, and their values."""
        count = self.count(octets, offset, most)
        if not count:
            return 0, ()
        cells = self._struct.iter_unpack(memoryview(octets)[offset : offset + count * self.stride])
        return count, self._converted(cells, count) if self._converters else cells

    def count(self, octets: bytes, offset: int, most: int) -> int:
        """Return how many of the ``most`` rows from ``offset`` on have this shape."""
        count = 0
        window = _FIRST_WINDOW
        while count < most:
            asked = min(window, most - count)
            found = self._equal(octets, offset + count * self.stride, asked)
            count += found
            if found < asked:
                break
            window *= _WINDOW_GROWTH
        return count

    def _equal(self, octets: bytes, offset: int, count: int) -> int:
        """Return how many of ``count`` rows from ``offset`` on agree in all constant octets."""
        end = offset + count * self.stride
        for position, octet in self._constant:
            column = octets[offset + position : end : self.stride]
            if column != octet * len(column):
                count = len(column) - len(column.lstrip(octet))
                if not count:
                    return 0
                end = offset + count * self.stride
        return count

    def _converted(self, cells: Iterator[tuple[object, ...]], count: int) -> Cells:
        """Put in the columns without octets, and make texts and bit-strings of octets."""
        columns = iter(zip(*cells, strict=True))
        whole: list[Iterable[object]] = []
        for column in range(len(self.types)):
            if column not in self._converters:
                whole.append(next(columns))
                continue
            convert = self._converters[column]
            if convert is None:
                whole.append(repeat(None, count))
            else:
                whole.append([convert(cell) for cell in next(columns) if isinstance(cell, bytes)])
        return zip(*whole, strict=True)


@lru_cache(maxsize=256)
def shape_of(types: tuple[int, ...], lengths: tuple[int, ...], tagged: bool) -> Shape:
    """Return the shape, built once."""
    return Shape(types, lengths, tagged=tagged)


def _converter(kind: DataType, length: int) -> Callable[[bytes], object]:
    if kind is DataType.BIT_STRING:
        return lambda content: BitString(length, content)
    return lambda content: pull_text(kind, content, 0)


class ShapeWatch:
    """Decides, from the rows read one by one, when a sweep is worth a try.

    A sweep is tried when a shape comes twice running; tries that find little make the next ones rarer, so that
    rows of changing shape cost little more than reading them one by one.
    """

    def __init__(self, *, tagged: bool) -> None:
        self.shape: Shape | None = None
        """The shape to try at the next row, or None."""
        self._tagged = tagged
        self._last: tuple[tuple[int, ...], tuple[int, ...]] | None = None
        self._misses = 0
        self._pause = 0
        self._first = True

    def seen(self, types: tuple[int, ...], lengths: tuple[int, ...] | None) -> None:
        """Note a row read by itself; ``lengths`` is None where a cell is nested."""
        key = None if lengths is None else (types, lengths)
        if key is not None and (key == self._last or self._first):
            if self._pause:
                self._pause -= 1
            else:
                self.shape = shape_of(*key, self._tagged)
        self._last = key
        self._first = False

    def tried(self, found: int, *, ended: bool) -> None:
        """Note how many rows the sweep over ``shape`` has found, and whether another shape has ended it."""
        if not ended:
            return
        self.shape = None
        self._misses = 0 if found >= _WORTH_ROWS else min(self._misses + 1, _MOST_MISSES)
        self._pause = (1 << self._misses) - 1
