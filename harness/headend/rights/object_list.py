"""The object list of an association: what a device announces that one client may read, write and invoke.

The list itself is decoded strictly; what it leaves out is told apart from what it denies.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from harness.declaration import AssociationDeclaration, CosemObject, Declaration
from harness.errors import DecodeError
from harness.headend.client import Client, item
from harness.protocol import cosem
from harness.protocol.axdr import Data, DataType

__all__ = [
    "AnnouncedObject",
    "ObjectList",
    "RequestProtection",
    "Right",
    "current_association",
    "decode_object_list",
    "read_object_list",
]

_ASSOCIATION_CLASS: Final = 15
_CURRENT_ASSOCIATION: Final = "0.0.40.0.0.255"
_BIT_MASKS_FROM: Final = 3
"""Version of class 15 in which access modes have become bit masks."""
_HIGHEST_ENUMERATED: Final = 6
_OBJECT_LIST: Final = 2
_LOGICAL_NAME: Final = 1
_READ, _WRITE, _CALL = 1, 2, 1
_AUTHENTICATED, _ENCRYPTED, _SIGNED = 4, 8, 16


class Right(Enum):
    """What an object list says about one access."""

    GRANTED = "granted"
    DENIED = "denied"
    UNSURE = "unsure"
    """The list does not say, or what it says can be read in two ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestProtection:
    """What the requests of a client are protected with."""

    authenticated: bool = False
    encrypted: bool = False
    signed: bool = False

    @classmethod
    def of(cls, declared: AssociationDeclaration) -> "RequestProtection":
        """Return the protection of a declared client's requests."""
        if not declared.ciphered or declared.security is None:
            return cls()
        return cls(authenticated=declared.security.authenticated, encrypted=declared.security.encrypted)

    def satisfies(self, mode: int) -> bool:
        """Whether it has what a bit mask demands of requests."""
        demanded = ((_AUTHENTICATED, self.authenticated), (_ENCRYPTED, self.encrypted), (_SIGNED, self.signed))
        return all(has for bit, has in demanded if mode & bit)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedObject:
    """One object with the access modes of its attributes and methods, by their numbers."""

    class_id: int
    version: int
    obis: str
    attributes: Mapping[int, int]
    methods: Mapping[int, int]
    selectors: Mapping[int, tuple[int, ...]]
    """Access selectors of the attributes that have some."""
    bit_masks: bool
    """Whether modes are bit masks, as from version 3 of the association on."""
    protection: RequestProtection

    @property
    def target(self) -> CosemObject:
        """The object as requests name it."""
        return CosemObject.model_validate({"class": self.class_id, "obis": self.obis})

    def may_read(self, attribute: int) -> Right:
        """Whether a GET of the attribute is announced."""
        return self._of_attribute(attribute, _READ)

    def may_write(self, attribute: int) -> Right:
        """Whether a SET of the attribute is announced."""
        return self._of_attribute(attribute, _WRITE)

    def may_invoke(self, method: int) -> Right:
        """Whether an ACTION is announced; methods that are not listed are not there."""
        mode = self.methods.get(method)
        if mode is None:
            return Right.DENIED if self.methods or self.attributes else Right.UNSURE
        if self.bit_masks:
            return _granted(bool(mode & _CALL) and self.protection.satisfies(mode))
        if mode == 2 and not self.protection.authenticated:
            return Right.UNSURE
        return _granted(mode in (1, 2))

    def _of_attribute(self, attribute: int, bit: int) -> Right:
        mode = self.attributes.get(attribute)
        if mode is None:
            # The logical name goes without saying, and a device that lists no attribute at all says nothing.
            unsaid = attribute == _LOGICAL_NAME or not self.attributes
            return Right.UNSURE if unsaid else Right.DENIED
        if self.bit_masks:
            return _granted(bool(mode & bit) and self.protection.satisfies(mode))
        plain, authenticated = mode & 3, mode > 3
        if mode > 3:
            plain = mode - 3
        if not plain & bit:
            return Right.DENIED
        return Right.UNSURE if authenticated and not self.protection.authenticated else Right.GRANTED


def _granted(yes: bool) -> Right:
    return Right.GRANTED if yes else Right.DENIED


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectList:
    """All objects that a device announces to one client."""

    association_version: int
    objects: tuple[AnnouncedObject, ...]
    frame: int = 0
    _by_name: dict[tuple[int, str], AnnouncedObject] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[tuple[int, str], AnnouncedObject] = {}
        for one in self.objects:
            by_name.setdefault((one.class_id, one.obis), one)
        object.__setattr__(self, "_by_name", by_name)

    def find(self, class_id: int, obis: str) -> AnnouncedObject | None:
        """Return an object by its class and OBIS code, None for one that is not announced."""
        return self._by_name.get((class_id, obis))

    def __iter__(self) -> Iterator[AnnouncedObject]:
        return iter(self._by_name.values())


def current_association(declaration: Declaration) -> CosemObject:
    """Return the object of the current association: the declared one, or the one that it always is."""
    declared = declaration.object("association")
    if isinstance(declared, CosemObject):
        return declared
    return CosemObject.model_validate({"class": _ASSOCIATION_CLASS, "obis": _CURRENT_ASSOCIATION})


def read_object_list(client: Client, association: CosemObject) -> ObjectList:
    """Read and decode the object list of a client's own association.

    Raises ``Refused`` where the client may not read it, ``DecodeError`` for a list that is none.
    """
    data = client.read(item(association, _OBJECT_LIST))
    return decode_object_list(data, RequestProtection.of(client.declared), frame=client.conversation.frame)


def decode_object_list(data: Data, protection: RequestProtection, *, frame: int = 0) -> ObjectList:
    """Decode attribute object_list of class 15, versions 0 to 3, as seen by requests with ``protection``.

    Which version it is says the entry of the association itself; where there is none, modes that only a bit mask can
    have tell.
    """
    rows = [_row(entry) for entry in _elements(data, DataType.ARRAY, "object_list")]
    version = next((row.version for row in rows if row.class_id == _ASSOCIATION_CLASS), None)
    modes = [mode for row in rows for mode in row.attributes.values()]
    if version is None:
        version = _BIT_MASKS_FROM if max(modes, default=0) > _HIGHEST_ENUMERATED else 0
    bit_masks = version >= _BIT_MASKS_FROM
    if not bit_masks and max(modes, default=0) > _HIGHEST_ENUMERATED:
        raise DecodeError(f"access mode {max(modes)} in the object list of an association of version {version}")
    objects = tuple(
        AnnouncedObject(
            class_id=row.class_id,
            version=row.version,
            obis=row.obis,
            attributes=row.attributes,
            methods=row.methods,
            selectors=row.selectors,
            bit_masks=bit_masks,
            protection=protection,
        )
        for row in rows
    )
    return ObjectList(association_version=version, objects=objects, frame=frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    class_id: int
    version: int
    obis: str
    attributes: dict[int, int]
    methods: dict[int, int]
    selectors: dict[int, tuple[int, ...]]


def _row(entry: Data) -> _Row:
    class_id, version, name, rights = _elements(entry, DataType.STRUCTURE, "object_list element", 4)
    if name.type is not DataType.OCTET_STRING or not isinstance(name.value, bytes) or len(name.value) != 6:
        raise DecodeError(f"logical name {name.value!r} in the object list")
    obis = cosem.obis_text(name.value)
    attributes, methods = _elements(rights, DataType.STRUCTURE, f"access_rights of {obis}", 2)
    listed = [_attribute(one, obis) for one in _elements(attributes, DataType.ARRAY, f"attributes of {obis}")]
    return _Row(
        class_id=_number(class_id, DataType.LONG_UNSIGNED, f"class_id of {obis}"),
        version=_number(version, DataType.UNSIGNED, f"version of {obis}"),
        obis=obis,
        attributes={number: mode for number, mode, _ in listed},
        selectors={number: selectors for number, _, selectors in listed if selectors},
        methods=dict(_method(one, obis) for one in _elements(methods, DataType.ARRAY, f"methods of {obis}")),
    )


def _attribute(entry: Data, obis: str) -> tuple[int, int, tuple[int, ...]]:
    what = f"attribute of {obis} in the object list"
    number, mode, selectors = _elements(entry, DataType.STRUCTURE, what, 3)
    found: tuple[int, ...] = ()
    if selectors.type is not DataType.NULL_DATA:
        every = _elements(selectors, DataType.ARRAY, f"access_selectors of an {what}")
        found = tuple(_number(selector, DataType.INTEGER, f"access selector of an {what}") for selector in every)
    attribute = _number(number, DataType.INTEGER, f"number of an {what}")
    return attribute, _number(mode, DataType.ENUM, f"mode of an {what}"), found


def _method(entry: Data, obis: str) -> tuple[int, int]:
    what = f"method of {obis} in the object list"
    number, mode = _elements(entry, DataType.STRUCTURE, what, 2)
    # A boolean in version 0, a number later; devices mix them, and both can be understood.
    if mode.type not in (DataType.BOOLEAN, DataType.ENUM) or not isinstance(mode.value, int):
        raise DecodeError(f"mode of a {what}: {mode}")
    return _number(number, DataType.INTEGER, f"number of a {what}"), int(mode.value)


def _elements(data: Data, kind: DataType, what: str, count: int | None = None) -> tuple[Data, ...]:
    if data.type is not kind or not isinstance(data.value, tuple):
        raise DecodeError(f"{what} is {data.type.name.lower()}, due is {kind.name.lower()}")
    if count is not None and len(data.value) != count:
        raise DecodeError(f"{what} has {len(data.value)} elements, due are {count}")
    return data.value


def _number(data: Data, kind: DataType, what: str) -> int:
    if data.type is not kind or not isinstance(data.value, int):
        raise DecodeError(f"{what} is {data.type.name.lower()}, due is {kind.name.lower()}")
    return data.value
