"""What clients may not write and invoke, tried under the effect that it would have; what they may write, too."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from harness.checks.access import CARRIED_OUT, TYPE_UNMATCHED, UNTOLD, Tally, access_as_announced, attempt_refused
from harness.checks.judged import Verdictless
from harness.errors import Refused
from harness.headend.client import Client, item
from harness.headend.rights.access_sweep import (
    INVOKING,
    SECRETS,
    WRITING,
    Access,
    Aim,
    announced_as,
    refusals,
    right_to_read,
)
from harness.headend.rights.object_list import Right
from harness.headend.rights.write_paths import WritePath, attempt_action, attempt_write, fits, wrong_type
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem

__all__ = ["Bounds", "Values", "read_values", "sweep_methods", "sweep_refused_writes", "sweep_writes"]

Values = dict[tuple[int, str, int], bytes]
"""A-XDR octets by class, OBIS code and attribute."""

_MOVING: Final = frozenset({(3, 2), (4, 2), (5, 2), (5, 3)})
"""Class and attribute of values that move by themselves: writing back what was read would set them back."""
_BUFFERS: Final = frozenset({(7, 2), (62, 2)})
_EMPTY_ARRAY: Final = bytes([axdr.DataType.ARRAY, 0])
_ANSWER_TO_CHALLENGE: Final = (15, 1)
_LOGICAL_NAME: Final = 1
_PLAIN_METHODS: Final = frozenset(
    {(3, 1), (4, 1), (5, 1), (5, 2), (7, 1), (7, 2), (8, 1), (8, 3), (61, 1), (62, 1), (70, 1), (70, 2), (77, 1)}
)
"""Class and method of methods that take an integer 0."""
_WRONG_PARAMETER: Final = axdr.encode(axdr.Data(axdr.DataType.BOOLEAN, False))
_RIGHT_PARAMETER: Final = axdr.encode(axdr.Data(axdr.DataType.INTEGER, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a sweep may do and what counts as a refusal."""

    accepted: Access
    allowed: frozenset[str]
    """Effects of the scenario."""
    elsewhere: frozenset[str]
    """Effects of a milder scenario that has tried all that has no other."""
    effect_of_write: Callable[[int, int], Collection[str]]
    """Of the value that is there already."""
    effect_of_invoke: Callable[[int, int], Collection[str]]
    sealed: frozenset[tuple[int, str, int]] = frozenset()
    """Declared parameters behind the seal."""

    def covers(self, effects: Collection[str], tally: Tally) -> bool:
        """Whether this scenario tries what has these effects; what no scenario of its kind tries is counted."""
        if not set(effects) <= self.allowed:
            tally.skip(f"with effect {', '.join(sorted(set(effects) - self.allowed))}")
            return False
        return not set(effects) <= self.elsewhere


def right_to_write(aim: Aim) -> Right:
    """What the client's list says about a SET."""
    return Right.DENIED if aim.announced is None else aim.announced.may_write(aim.number)


def right_to_invoke(aim: Aim) -> Right:
    """What the client's list says about an ACTION."""
    return Right.DENIED if aim.announced is None else aim.announced.may_invoke(aim.number)


def read_values(client: Client, wanted: Iterable[Aim], into: Values) -> None:
    """Read what the client may read and nobody has read yet, profile buffers left out."""
    for aim in wanted:
        if aim.key in into or (aim.target.class_id, aim.number) in _BUFFERS or right_to_read(aim) is not Right.GRANTED:
            continue
        try:
            data = client.get(item(aim.target, aim.number)).data
        except Refused:
            continue
        if data is not None:
            into[aim.key] = data


def _octets_to_write(aim: Aim, values: Mapping[tuple[int, str, int], bytes]) -> bytes | None:
    """The value that is there, of a moving one and of a secret a value of a wrong type; None where none is known."""
    kind = (aim.target.class_id, aim.number)
    if kind in _BUFFERS:
        return _EMPTY_ARRAY
    if kind in SECRETS:
        return wrong_type(b"")
    value = values.get(aim.key)
    return wrong_type(value) if value is not None and kind in _MOVING else value


def may_be_tried(aim: Aim, bounds: Bounds, tally: Tally) -> bool:
    """Whether this scenario tries to write it."""
    if (aim.target.class_id, aim.number) in _MOVING:
        return bounds.covers(("writes",), tally)
    return bounds.covers(bounds.effect_of_write(aim.target.class_id, aim.number), tally)


def _tells_nothing(aim: Aim) -> bool:
    """Whether the object list ought to say more; of the logical name it need not, unless it says nothing at all."""
    return aim.number != _LOGICAL_NAME or (aim.announced is not None and not aim.announced.attributes)


def sweep_refused_writes(client: Client, wanted: Sequence[Aim], values: Values, bounds: Bounds) -> Tally:
    """Try to write what the client's list denies, with the value that is there."""
    tally = Tally(what=f"forbidden writes by client {client.declared.id}")
    negotiated = bool(client.association.negotiated.conformance & xdlms.Conformance.SET)
    for aim in wanted:
        right = right_to_write(aim)
        if right is Right.UNSURE and _tells_nothing(aim):
            tally.skip(UNTOLD)
        if right is not Right.DENIED or not may_be_tried(aim, bounds, tally):
            continue
        octets = _octets_to_write(aim, values)
        if octets is None:
            tally.skip("no value known")
            continue
        if not fits(client, octets):
            tally.skip("too long for one request")
            continue
        descriptor = xdlms.AttributeDescriptor(aim.target.class_id, cosem.obis(aim.target.obis), aim.number)
        got = attempt_write(client, WritePath.SET, descriptor, octets)
        listed = aim.announced.attributes if aim.announced else ()
        answers = refusals(bounds.accepted, WRITING, aim, listed, negotiated=negotiated)
        tally.take(access_as_announced(f"SET {aim}", "denied", got.name, answers), got.frame)
        before = values.get(aim.key)
        if got.name == CARRIED_OUT and before is not None and before != octets:
            # A device that has taken the wrong type as well gets back what it had.
            attempt_write(client, WritePath.SET, descriptor, before)
    return tally


def sweep_writes(client: Client, wanted: Sequence[Aim], bounds: Bounds) -> Tally:
    """Write what the client's list grants, each attribute with the value just read."""
    tally = Tally(what=f"allowed writes by client {client.declared.id}")
    for aim in wanted:
        right = right_to_write(aim)
        if right is Right.UNSURE and _tells_nothing(aim):
            tally.skip(UNTOLD)
        if right is not Right.GRANTED:
            continue
        if aim.key in bounds.sealed:
            tally.skip("behind the seal")
            continue
        kind = (aim.target.class_id, aim.number)
        if kind in _MOVING or kind in _BUFFERS:
            tally.skip("moving by itself")
            continue
        if not bounds.covers(bounds.effect_of_write(*kind), tally):
            continue
        values: Values = {}
        read_values(client, (aim,), values)
        if aim.key not in values or not fits(client, values[aim.key]):
            tally.skip("no value known that one request takes")
            continue
        descriptor = xdlms.AttributeDescriptor(aim.target.class_id, cosem.obis(aim.target.obis), aim.number)
        got = attempt_write(client, WritePath.SET, descriptor, values[aim.key])
        tally.take(access_as_announced(f"SET {aim}", announced_as(Right.GRANTED), got.name, ()), got.frame)
    return tally


def sweep_methods(client: Client, wanted: Sequence[Aim], bounds: Bounds) -> Tally:
    """Try to invoke what the client's list denies: with a parameter of a wrong type, then with a right one."""
    tally = Tally(what=f"forbidden methods by client {client.declared.id}")
    negotiated = bool(client.association.negotiated.conformance & xdlms.Conformance.ACTION)
    for aim in wanted:
        kind = (aim.target.class_id, aim.number)
        if right_to_invoke(aim) is Right.GRANTED:
            tally.skip("allowed, so not called")
            continue
        if kind == _ANSWER_TO_CHALLENGE:
            tally.skip("part of the authentication")
            continue
        if right_to_invoke(aim) is Right.UNSURE:
            tally.skip(UNTOLD)
            continue
        if not bounds.covers(bounds.effect_of_invoke(*kind), tally):
            continue
        listed = aim.announced.methods if aim.announced else ()
        answers = refusals(bounds.accepted, INVOKING, aim, listed, negotiated=negotiated)
        judged, frame = _method_refused(client, aim, answers)
        tally.take(judged, frame)
    return tally


def _method_refused(client: Client, aim: Aim, answers: Collection[str]) -> tuple[Verdictless, int]:
    descriptor = xdlms.MethodDescriptor(aim.target.class_id, cosem.obis(aim.target.obis), aim.number)
    got = attempt_action(client, descriptor, _WRONG_PARAMETER)
    if got.name in TYPE_UNMATCHED and (aim.target.class_id, aim.number) in _PLAIN_METHODS:
        got = attempt_action(client, descriptor, _RIGHT_PARAMETER)
    return attempt_refused(f"ACTION {aim}, which is not announced", got.name, answers), got.frame
