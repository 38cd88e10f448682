"""Scripts that would change the legally relevant part: how they are written, and who could be told to execute them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from harness.declaration import CosemObject, Declaration
from harness.errors import ProtocolViolation, Refused
from harness.headend.client import Client, item
from harness.headend.data import NOTHING, decoded, enum, long_unsigned, octet_string
from harness.headend.rights.access_sweep import Rights
from harness.headend.rights.legal_part import LegalAttribute, other_value
from harness.headend.rights.write_sweep import Values
from harness.protocol.axdr import Data, DataType
from harness.protocol.cosem import obis

__all__ = ["SCRIPTS", "Harm", "harms", "objects_of_class", "plant", "with_scripts"]

SCRIPTS = 2
"""Attribute of a script table."""
_WRITE, _EXECUTE = 1, 2
_RESET = 1
_HIGHEST_SELECTOR = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """One action that a script must not do."""

    about: str
    action: Data


def harms(attributes: Sequence[LegalAttribute], state: Values) -> tuple[Harm, ...]:
    """A write of another value to the first register that counts, and a reset of it."""
    for one in attributes:
        octets = state.get(one.key)
        other = other_value(octets, counting=True) if one.counting and octets is not None else None
        if other is not None:
            return (
                Harm(about=f"a write to {one}", action=_action(one.target, _WRITE, one.number, decoded(other))),
                Harm(about=f"a reset of {one.target.obis}", action=_action(one.target, _EXECUTE, _RESET, NOTHING)),
            )
    return ()


def _action(target: CosemObject, service: int, index: int, parameter: Data) -> Data:
    name = octet_string(obis(target.obis))
    cells = (enum(service), long_unsigned(target.class_id), name, Data(DataType.INTEGER, index), parameter)
    return Data(DataType.STRUCTURE, cells)


def with_scripts(table: Data, actions: Sequence[Data]) -> tuple[Data, tuple[int, ...]]:
    """The scripts of a table and one more for each action, and the selectors of these."""
    if table.type is not DataType.ARRAY or not isinstance(table.value, tuple):
        raise ProtocolViolation(f"the scripts {table}, due is an array")
    taken = _selectors(table.value)
    free = [number for number in range(max(taken, default=0) + 1, _HIGHEST_SELECTOR + 1) if number not in taken]
    chosen = tuple(free[: len(actions)])
    scripts = (
        Data(DataType.STRUCTURE, (long_unsigned(selector), Data(DataType.ARRAY, (action,))))
        for selector, action in zip(chosen, actions, strict=True)
    )
    return Data(DataType.ARRAY, (*table.value, *scripts)), chosen


def _selectors(scripts: Sequence[Data]) -> Collection[int]:
    firsts = (script.value[0].value for script in scripts if isinstance(script.value, tuple) and script.value)
    return {selector for selector in firsts if isinstance(selector, int)}


def plant(client: Client, table: CosemObject, old: Data, harm: Harm) -> tuple[int, str | None]:
    """Write one more script into a table; returns its selector, and the answer where it was refused."""
    wanted, (selector,) = with_scripts(old, (harm.action,))
    try:
        client.set(item(table, SCRIPTS), wanted)
    except Refused as refused:
        return selector, refused.answer
    return selector, None


def objects_of_class(declaration: Declaration, rights: Rights, class_id: int) -> Iterator[CosemObject]:
    """The objects of a class that are announced or declared, each once."""
    seen = set()
    declared = (one for role in declaration.objects.declared for one in _declared(declaration, role))
    for one in (*(announced.target for announced in rights.objects()), *declared):
        if one.class_id == class_id and one.obis not in seen:
            seen.add(one.obis)
            yield one


def _declared(declaration: Declaration, role: str) -> tuple[CosemObject, ...]:
    found = declaration.objects_of(role)
    return found if isinstance(found, tuple) else ()
