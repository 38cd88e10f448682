"""``Data`` to octets."""

import struct
from typing import Final

from harness.protocol.axdr.compact import push_type_description
from harness.protocol.axdr.encode_rows import MIN_ROWS, maybe_push_rows
from harness.protocol.axdr.length import push_length
from harness.protocol.axdr.types import FIXED_FORMAT, BitString, CompactArray, Data, DataType, TypeDescription

__all__ = ["encode"]

_FIXED: Final = {tag: struct.Struct(">" + code) for tag, code in FIXED_FORMAT.items() if code}
_OCTETS: Final = {tag: struct.Struct(">" + code).size for tag, code in FIXED_FORMAT.items() if code.endswith("s")}


def encode(data: Data) -> bytes:
    """Return the octets of ``data``; a value that does not fit its type is a ``ValueError``."""
    kind = data.type
    if kind is DataType.ARRAY or kind is DataType.STRUCTURE:
        elements = _elements(data)
        content = None
        if kind is DataType.ARRAY and len(elements) >= MIN_ROWS:
            content = maybe_push_rows(elements)
        if content is None:
            content = b"".join(map(encode, elements))
        return bytes((kind,)) + push_length(len(elements)) + content
    if kind is DataType.COMPACT_ARRAY:
        return bytes((kind,)) + _push_compact_array(data.value)
    return bytes((kind,)) + push_content(kind, data.value)


def push_content(kind: DataType, value: object) -> bytes:
    """Return the content octets of a simple type."""
    fixed = _FIXED.get(kind)
    if fixed is not None:
        return _push_fixed(kind, fixed, value)
    match kind, value:
        case ((DataType.NULL_DATA | DataType.DONT_CARE), None):
            return b""
        case DataType.OCTET_STRING, bytes():
            return push_length(len(value)) + value
        case DataType.BIT_STRING, BitString():
            return push_length(value.bits) + value.octets
        case DataType.VISIBLE_STRING, str():
            return push_length(len(value)) + value.encode("ascii")
        case DataType.UTF8_STRING, str():
            text = value.encode("utf-8")
            return push_length(len(text)) + text
    raise ValueError(f"{kind.name} cannot hold a {type(value).__name__}")


def _push_fixed(kind: DataType, fixed: struct.Struct, value: object) -> bytes:
    if kind is DataType.BOOLEAN:
        if not isinstance(value, bool):
            raise ValueError(f"BOOLEAN cannot hold a {type(value).__name__}")
        return b"\xff" if value else b"\x00"
    octets = _OCTETS.get(kind)
    if octets is not None and (not isinstance(value, bytes) or len(value) != octets):
        raise ValueError(f"{kind.name} takes exactly {octets} octets")
    try:
        return fixed.pack(value)
    except (struct.error, OverflowError) as error:
        raise ValueError(f"{kind.name} cannot hold {value!r}: {error}") from None


def _elements(data: Data) -> tuple[Data, ...]:
    if not isinstance(data.value, tuple):
        raise ValueError(f"{data.type.name} takes a tuple of Data, not a {type(data.value).__name__}")
    return data.value


def _push_compact_array(value: object) -> bytes:
    if not isinstance(value, CompactArray):
        raise ValueError(f"COMPACT_ARRAY cannot hold a {type(value).__name__}")
    contents = b"".join(_push_described(value.description, row) for row in value.rows)
    return push_type_description(value.description) + push_length(len(contents)) + contents


def _push_described(description: TypeDescription, data: Data) -> bytes:
    if data.type is not description.type:
        raise ValueError(f"a {data.type.name} where the compact-array describes {description.type.name}")
    if description.type is DataType.STRUCTURE:
        wanted: tuple[TypeDescription, ...] = description.elements
    elif description.type is DataType.ARRAY:
        wanted = description.elements * (description.count or 0)
    else:
        return push_content(data.type, data.value)
    elements = _elements(data)
    if len(elements) != len(wanted):
        raise ValueError(f"{len(elements)} elements where the compact-array describes {len(wanted)}")
    return b"".join(map(_push_described, wanted, elements))
