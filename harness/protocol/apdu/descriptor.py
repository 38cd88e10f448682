"""What a request addresses: one attribute or one method of a COSEM object."""

from dataclasses import dataclass, field
from functools import lru_cache
from struct import Struct
from struct import error as StructError  # noqa: N812 (struct's own name says nothing here)
from typing import Final

from harness.errors import DecodeError
from harness.protocol.cosem import obis_text

__all__ = ["AttributeDescriptor", "MethodDescriptor"]

_LAYOUT: Final = Struct(">H6sb")


def _pack(class_id: int, obis: bytes, index: int) -> bytes:
    if len(obis) != 6:
        raise ValueError(f"an OBIS code has six octets, not {len(obis)}")
    try:
        return _LAYOUT.pack(class_id, obis, index)
    except StructError as error:
        raise ValueError(f"class {class_id}, index {index}: {error}") from None


def _unpack(octets: bytes, offset: int) -> tuple[int, bytes, int]:
    if offset + _LAYOUT.size > len(octets):
        raise DecodeError("descriptor cut short", offset)
    class_id, obis, index = _LAYOUT.unpack_from(octets, offset)
    return class_id, obis, index


@dataclass(frozen=True, slots=True)
class AttributeDescriptor:
    """Class, OBIS code (six octets) and attribute number; attribute 0 is all of them."""

    class_id: int
    obis: bytes
    attribute: int
    octets: bytes = field(init=False, repr=False, compare=False)
    """Its nine octets, packed once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "octets", _pack(self.class_id, self.obis, self.attribute))

    @classmethod
    def pull(cls, octets: bytes, offset: int) -> "tuple[AttributeDescriptor, int]":
        """Read one; return it and the offset behind it."""
        end = offset + _LAYOUT.size
        if end > len(octets):
            raise DecodeError("descriptor cut short", offset)
        return _attribute(octets[offset:end]), end

    def __str__(self) -> str:
        return f"class {self.class_id} {obis_text(self.obis)} attribute {self.attribute}"


@lru_cache(maxsize=1024)
def _attribute(octets: bytes) -> AttributeDescriptor:
    """Decode one; the same few attributes are asked for again and again."""
    return AttributeDescriptor(*_LAYOUT.unpack(octets))


@dataclass(frozen=True, slots=True)
class MethodDescriptor:
    """Class, OBIS code (six octets) and method number."""

    class_id: int
    obis: bytes
    method: int
    octets: bytes = field(init=False, repr=False, compare=False)
    """Its nine octets, packed once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "octets", _pack(self.class_id, self.obis, self.method))

    @classmethod
    def pull(cls, octets: bytes, offset: int) -> "tuple[MethodDescriptor, int]":
        """Read one; return it and the offset behind it."""
        return cls(*_unpack(octets, offset)), offset + _LAYOUT.size

    def __str__(self) -> str:
        return f"class {self.class_id} {obis_text(self.obis)} method {self.method}"
