"""Compact arrays: one description of the shape, then the contents without tags.

A shape is a tag for a plain type, ``(2, [shapes])`` for a structure, ``(1, count, shape)`` for an array.
"""

from typing import Any

from reference_meter.codec import axdr
from reference_meter.codec.octets import OctetReader, encode_length

__all__ = ["encode_compact", "pull_compact", "shape_of"]

Shape = Any
"""``int``, ``(2, list of shapes)`` or ``(1, count, shape)``; recursive, hence not spelled out."""


def shape_of(pair: axdr.Pair) -> Shape:
    """Give the shape that all elements of a compact array share."""
    tag, value = pair
    if tag == axdr.STRUCTURE:
        return (tag, [shape_of(element) for element in value])
    if tag == axdr.ARRAY:
        shapes = [shape_of(element) for element in value]
        if not shapes or any(shape != shapes[0] for shape in shapes):
            raise ValueError("an array inside a compact array has elements of one shape, at least one")
        return (tag, len(value), shapes[0])
    return tag


def encode_compact(elements: list[axdr.Pair]) -> bytes:
    """Encode description and contents of elements of one shape; other elements are a ``ValueError``."""
    if not elements:
        raise ValueError("a compact array without elements has no shape")
    shape = shape_of(elements[0])
    if any(shape_of(element) != shape for element in elements):
        raise ValueError("the elements of a compact array have one shape")
    contents = b"".join(_untagged(element) for element in elements)
    return _encode_shape(shape) + encode_length(len(contents)) + contents


def pull_compact(reader: OctetReader, max_nesting: int) -> list[axdr.Pair]:
    """Decode description and contents."""
    shape = _pull_shape(reader, max_nesting)
    if _least_octets(shape) == 0:
        raise reader.malformed("a compact array of elements without octets")
    contents = OctetReader(reader.take(reader.length()))
    elements = []
    while contents.remaining:
        elements.append(_pull_untagged(contents, shape, max_nesting))
    return elements


def _encode_shape(shape: Shape) -> bytes:
    if isinstance(shape, int):
        return bytes([shape])
    if shape[0] == axdr.STRUCTURE:
        return bytes([shape[0]]) + encode_length(len(shape[1])) + b"".join(map(_encode_shape, shape[1]))
    return bytes([shape[0]]) + int(shape[1]).to_bytes(2, "big") + _encode_shape(shape[2])


def _pull_shape(reader: OctetReader, max_nesting: int) -> Shape:
    if max_nesting <= 0:
        raise reader.malformed("nested too deeply")
    tag = reader.unsigned(1)
    if tag == axdr.STRUCTURE:
        count = reader.length()
        if count > reader.remaining:
            raise reader.malformed(f"{count} types in {reader.remaining} octets")
        return (tag, [_pull_shape(reader, max_nesting - 1) for _ in range(count)])
    if tag == axdr.ARRAY:
        count = reader.unsigned(2)
        shape = _pull_shape(reader, max_nesting - 1)
        if _least_octets(shape) == 0:
            # Otherwise a few octets could stand for any number of elements.
            raise reader.malformed("an array of elements without octets")
        return (tag, count, shape)
    if tag == axdr.COMPACT_ARRAY:
        raise reader.malformed("a compact array inside a compact array")
    return tag


def _least_octets(shape: Shape) -> int:
    if isinstance(shape, int):
        return 0 if shape in (axdr.NULL, axdr.DONT_CARE) else 1
    if shape[0] == axdr.STRUCTURE:
        return sum(map(_least_octets, shape[1]))
    return int(shape[1]) * _least_octets(shape[2])


def _untagged(pair: axdr.Pair) -> bytes:
    tag, value = pair
    if tag in (axdr.ARRAY, axdr.STRUCTURE):
        return b"".join(_untagged(element) for element in value)
    return axdr.encode_content(tag, value)


def _pull_untagged(reader: OctetReader, shape: Shape, max_nesting: int) -> axdr.Pair:
    if isinstance(shape, int):
        return shape, axdr.pull_content(reader, shape, max_nesting)
    if shape[0] == axdr.STRUCTURE:
        return shape[0], [_pull_untagged(reader, element, max_nesting) for element in shape[1]]
    return shape[0], [_pull_untagged(reader, shape[2], max_nesting) for _ in range(shape[1])]
