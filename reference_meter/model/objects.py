"""COSEM objects as tables of attributes and methods with the rights of each role."""

from collections.abc import Callable
from dataclasses import dataclass, field

from reference_meter.model.configuration import Role
from reference_meter.model.data import Pair, octet_string
from reference_meter.server.model_port import AccessRefused, Selection

__all__ = [
    "ALL",
    "MANAGING",
    "MEASURING",
    "NOBODY",
    "Attribute",
    "CosemObject",
    "DataAccessResult",
    "Method",
    "Roles",
    "data_object",
    "trigger",
]

_INTEGER = 15

Roles = frozenset[Role]
ALL: Roles = frozenset({"public", "reading", "management"})
"""Everybody who can read; pre-established clients cannot."""
MEASURING: Roles = frozenset({"reading", "management"})
MANAGING: Roles = frozenset({"management"})
NOBODY: Roles = frozenset()


class DataAccessResult:
    """The results that the model gives, by their numbers."""

    SUCCESS = 0
    READ_WRITE_DENIED = 3
    OBJECT_UNDEFINED = 4
    OBJECT_CLASS_INCONSISTENT = 9
    OBJECT_UNAVAILABLE = 11
    TYPE_UNMATCHED = 12
    OTHER_REASON = 250


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute: who may read and write it, and how."""

    read: Callable[[], Pair]
    readers: Roles
    write: Callable[[Pair], None] | None = None
    """Raises AccessRefused where the value does not fit."""
    writers: Roles = NOBODY
    locked: Callable[[], bool] = _never
    """Whether nobody may write just now; the object list says so too."""
    select: Callable[[Selection], Pair] | None = None
    selectors: tuple[int, ...] = ()
    """Selective access selectors, as told in the object list."""

    @property
    def lockable(self) -> bool:
        """Whether something can keep everybody from writing, as a seal does."""
        return self.locked is not _never

    def writable_by(self, role: Role) -> bool:
        """Whether this role may write now."""
        return self.write is not None and role in self.writers and not self.locked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method: who may invoke it, and what it does."""

    invoke: Callable[[Pair | None], None]
    """Raises AccessRefused where the parameter does not fit."""
    callers: Roles = MANAGING


@dataclass(kw_only=True)
class CosemObject:
    """One instance of an interface class; attribute 1, the logical name, comes by itself."""

    class_id: int
    version: int
    obis: bytes
    attributes: dict[int, Attribute]
    methods: dict[int, Method] = field(default_factory=dict)

    def __post_init__(self) -> None:
        readers = frozenset[Role]().union(*(attribute.readers for attribute in self.attributes.values()))
        name = Attribute(read=lambda: octet_string(self.obis), readers=readers)
        self.attributes = {1: name, **self.attributes}

    def get(self, role: Role, number: int, selection: Selection | None) -> Pair:
        """Read one attribute; AccessRefused where the role or the selection does not allow it."""
        attribute = self._attribute(number)
        if role not in attribute.readers:
            raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)
        if selection is None:
            return attribute.read()
        if attribute.select is None:
            raise AccessRefused(DataAccessResult.OTHER_REASON)
        return attribute.select(selection)

    def set(self, role: Role, number: int, selection: Selection | None, data: Pair) -> None:
        """Write one attribute; AccessRefused likewise."""
        attribute = self._attribute(number)
        if attribute.write is None or not attribute.writable_by(role):
            raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)
        if selection is not None:
            raise AccessRefused(DataAccessResult.OTHER_REASON)
        attribute.write(data)

    def action(self, role: Role, number: int, parameter: Pair | None) -> None:
        """Invoke one method; AccessRefused likewise."""
        method = self.methods.get(number)
        if method is None:
            raise AccessRefused(DataAccessResult.OBJECT_UNAVAILABLE)
        if role not in method.callers:
            raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)
        method.invoke(parameter)

    def visible_to(self, role: Role) -> bool:
        """Whether the object stands in the object list of this role."""
        return any(role in attribute.readers | attribute.writers for attribute in self.attributes.values())

    def _attribute(self, number: int) -> Attribute:
        attribute = self.attributes.get(number)
        if attribute is None:
            raise AccessRefused(DataAccessResult.OBJECT_UNAVAILABLE)
        return attribute


def data_object(obis: bytes, read: Callable[[], Pair], readers: Roles) -> CosemObject:
    """An instance of class 1, which has one value."""
    return CosemObject(class_id=1, version=0, obis=obis, attributes={2: Attribute(read=read, readers=readers)})


def trigger(act: Callable[[], None]) -> Callable[[Pair | None], None]:
    """What a method does whose parameter has to be an integer that says nothing."""

    def invoke(parameter: Pair | None) -> None:
        if parameter is None or parameter[0] != _INTEGER:
            raise AccessRefused(DataAccessResult.TYPE_UNMATCHED)
        act()

    return invoke
