"""The legally relevant part of a device: what nothing from outside may change, and its state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from harness.checks.access import same_state
from harness.checks.judged import Breach
from harness.declaration import CosemObject, Declaration
from harness.errors import Refused
from harness.headend.client import Client, item
from harness.headend.rights.access_sweep import Rights
from harness.headend.rights.write_sweep import Values
from harness.protocol import axdr

__all__ = ["LegalAttribute", "LegalPart", "changes_of", "legal_part", "other_value", "read_state"]

_ENERGY_ROLES: Final = (
    "energy_import_total",
    "energy_import_tariffs",
    "energy_export_total",
    "energy_export_tariffs",
)
_CONSTANT_ROLES: Final = ("meter_constant", "firmware_signature")
_REGISTERS: Final = (3, 4)
_ELECTRICITY: Final = 1
_ENERGY_QUANTITIES: Final = frozenset({*range(1, 11), 15, 16})
_NET_QUANTITY: Final = "16"
"""Import less export, which goes down by itself while energy is exported."""
_COUNTING: Final = 8
_MOST_TARIFFS: Final = 8
_CURRENT: Final = 255
_VALUE, _SCALER_UNIT, _RESET = 2, 3, 1
_CLEARLY_MORE: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalAttribute:
    """One attribute that nothing from outside may change."""

    target: CosemObject
    number: int
    counting: bool
    """Whether it moves by itself, and only upwards."""

    @property
    def key(self) -> tuple[int, str, int]:
        """Class, OBIS code and attribute."""
        return self.target.class_id, self.target.obis, self.number

    def __str__(self) -> str:
        return f"class {self.target.class_id} {self.target.obis} attribute {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalPart:
    """All of it: declared and announced energy registers, constants, and what the declaration names besides."""

    attributes: tuple[LegalAttribute, ...]
    methods: tuple[tuple[CosemObject, int], ...]


def legal_part(declaration: Declaration, rights: Rights) -> LegalPart:
    """Return what is legally relevant of a device."""
    attributes: dict[tuple[int, str, int], LegalAttribute] = {}
    methods: dict[tuple[int, str, int], tuple[CosemObject, int]] = {}
    for register in _energy_registers(declaration, rights):
        for number in (_VALUE, _SCALER_UNIT):
            one = LegalAttribute(target=register, number=number, counting=number == _VALUE)
            attributes[one.key] = one
        methods[register.class_id, register.obis, _RESET] = (register, _RESET)
    for target, numbers, calls in _constants(declaration):
        for number in numbers:
            one = LegalAttribute(target=target, number=number, counting=False)
            attributes.setdefault(one.key, one)
        for number in calls:
            methods[target.class_id, target.obis, number] = (target, number)
    return LegalPart(attributes=tuple(attributes.values()), methods=tuple(methods.values()))


def _energy_registers(declaration: Declaration, rights: Rights) -> Iterable[CosemObject]:
    for role in _ENERGY_ROLES:
        declared = declaration.objects_of(role)
        if isinstance(declared, tuple):
            yield from declared
    for announced in rights.objects():
        if announced.class_id in _REGISTERS and _counts_energy(announced.obis):
            yield announced.target


def _counts_energy(obis: str) -> bool:
    medium, _, quantity, processing, tariff, storage = map(int, obis.split("."))
    return (
        medium == _ELECTRICITY
        and quantity in _ENERGY_QUANTITIES
        and processing == _COUNTING
        and tariff <= _MOST_TARIFFS
        and storage == _CURRENT
    )


def _constants(declaration: Declaration) -> Iterable[tuple[CosemObject, Sequence[int], Sequence[int]]]:
    for role in _CONSTANT_ROLES:
        declared = declaration.objects_of(role)
        if isinstance(declared, tuple):
            for one in declared:
                yield one, ((_VALUE, _SCALER_UNIT) if one.class_id in _REGISTERS else (one.attribute,)), ()
    for named in declaration.metrology.legally_relevant:
        target = CosemObject.model_validate({"class": named.class_id, "obis": named.obis})
        yield target, named.attributes, named.methods


def read_state(client: Client, wanted: Iterable[LegalAttribute], into: Values) -> None:
    """Read what is not known yet and this client may read."""
    for one in wanted:
        if one.key in into:
            continue
        try:
            data = client.get(item(one.target, one.number)).data
        except Refused:
            continue
        if data is not None:
            into[one.key] = data


def changes_of(
    wanted: Iterable[LegalAttribute], before: Mapping[tuple[int, str, int], bytes], after: Values, *, standing: bool
) -> list[Breach]:
    """Say what is not as it was; ``standing``: nothing flows meanwhile, so what counts stands still too."""
    found = []
    for one in wanted:
        if one.counting and not standing and one.target.obis.split(".")[2] == _NET_QUANTITY:
            continue
        old, new = before.get(one.key), after.get(one.key)
        numbers = (_number(old), _number(new))
        counting = one.counting and not standing and None not in numbers
        breach = (
            same_state(str(one), numbers[0], numbers[1], counting=True)
            if counting
            else same_state(str(one), old, new, counting=False)
        )
        if breach is not None:
            found.append(breach)
    return found


def _number(octets: bytes | None) -> int | float | None:
    value = axdr.decode(octets).value if octets else None
    return value if isinstance(value, int | float) else None


def other_value(octets: bytes, *, counting: bool) -> bytes | None:
    """Return another value of the same type; of one that counts a lower one, which no counting explains."""
    changed = _changed(axdr.decode(octets), counting=counting)
    return None if changed is None else axdr.encode(changed)


def _next(kind: axdr.DataType, value: int) -> axdr.Data:
    """The next higher number, the next lower one where the type ends."""
    higher = axdr.Data(kind, value + 1)
    try:
        axdr.encode(higher)
    except ValueError:
        return axdr.Data(kind, value - 1)
    return higher


def _changed(data: axdr.Data, *, counting: bool) -> axdr.Data | None:
    match data.value:
        case bool():
            return axdr.Data(data.type, not data.value)
        case int() if counting:
            return axdr.Data(data.type, data.value // 2 if data.value > 1 else data.value + _CLEARLY_MORE)
        case int():
            return _next(data.type, data.value)
        case bytes():
            return axdr.Data(data.type, data.value[:-1] + bytes([data.value[-1] ^ 1]) if data.value else b"\x00")
        case str():
            return axdr.Data(data.type, "0" if data.value != "0" else "1")
        case (first, *rest) if isinstance(first, axdr.Data):
            inner = _changed(first, counting=False)
            return None if inner is None else axdr.Data(data.type, (inner, *rest))
    return None
