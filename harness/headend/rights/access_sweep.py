"""A sweep over all rights: what each client reads, writes and invokes, against what the object lists announce."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from harness.checks.access import Announced, Tally, access_as_announced
from harness.checks.judged import Breach
from harness.declaration import CosemObject
from harness.errors import Refused
from harness.headend.client import Client, item
from harness.headend.rights.object_list import AnnouncedObject, ObjectList, Right
from harness.protocol import apdu as xdlms
from harness.protocol import axdr

__all__ = [
    "INVOKING",
    "READING",
    "SECRETS",
    "WRITING",
    "Access",
    "Aim",
    "Attempts",
    "Conditions",
    "Rights",
    "aims",
    "announced_as",
    "holds_secret",
    "read_attribute",
    "refusals",
    "right_to_read",
    "sweep_reads",
]

SECRETS: Final = frozenset({(15, 7), (19, 7), (19, 8), (19, 9)})
"""Class and attribute of passwords and secrets, which nobody may read, whatever is announced."""

_PROFILES: Final = frozenset({7, 62})
_BUFFER: Final = 2
_BY_ENTRY: Final = 2
_LOGICAL_NAME: Final = 1
_TOO_LONG: Final = "no time left on this line"

Access = Callable[[str], Collection[str]]
"""Accepted answers by the id of their condition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """One attribute or method of one object, and what the client's object list says about it."""

    target: CosemObject
    number: int
    announced: AnnouncedObject | None
    """As this client sees the object; None where it is not in the client's list."""

    @property
    def key(self) -> tuple[int, str, int]:
        """Class, OBIS code and number."""
        return self.target.class_id, self.target.obis, self.number

    def __str__(self) -> str:
        return f"class {self.target.class_id} {self.target.obis} {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The object lists of the clients at one door."""

    lists: Mapping[str, ObjectList]
    """By the id of the association."""

    def objects(self) -> Iterator[AnnouncedObject]:
        """Every object that any client is told of, once."""
        seen: set[tuple[int, str]] = set()
        for announced in self.lists.values():
            for one in announced:
                if (one.class_id, one.obis) not in seen:
                    seen.add((one.class_id, one.obis))
                    yield one

    def attributes(self, one: AnnouncedObject) -> tuple[int, ...]:
        """Attribute numbers of an object that any client is told of, the logical name first."""
        views = (announced.find(one.class_id, one.obis) for announced in self.lists.values())
        return tuple(sorted({_LOGICAL_NAME, *(number for view in views if view for number in view.attributes)}))

    def methods(self, one: AnnouncedObject) -> tuple[int, ...]:
        """Method numbers of an object that any client is told of."""
        views = (announced.find(one.class_id, one.obis) for announced in self.lists.values())
        return tuple(sorted({number for view in views if view for number in view.methods}))


def aims(rights: Rights, client_id: str, numbers: Callable[[AnnouncedObject], Sequence[int]]) -> Iterator[Aim]:
    """Every attribute or method that anybody is told of, as the client sees it."""
    own = rights.lists[client_id]
    for one in rights.objects():
        announced = own.find(one.class_id, one.obis)
        for number in numbers(one):
            yield Aim(target=one.target, number=number, announced=announced)


def right_to_read(aim: Aim) -> Right:
    """What the client's list says about a GET; an object that is not in it is not for this client."""
    return Right.DENIED if aim.announced is None else aim.announced.may_read(aim.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The error conditions that an access without a right may be taken for."""

    denied: str
    hidden: str
    """The object is not in the client's list: a device may treat it as not there."""
    unlisted: str
    """The object is, and this attribute or method of it is not."""


READING: Final = Conditions(denied="no_read_right", hidden="unknown_object", unlisted="unknown_attribute")
WRITING: Final = Conditions(denied="no_write_right", hidden="unknown_object", unlisted="unknown_attribute")
INVOKING: Final = Conditions(denied="no_method_right", hidden="unknown_object_method", unlisted="unknown_method")
_NOT_ALLOWED: Final = frozenset({"exception:1/1", "exception:1/2", "exception:1/3"})
"""By these a device may say that the whole service is not for this client."""


def refusals(
    accepted: Access, conditions: Conditions, aim: Aim, listed: Collection[int], *, negotiated: bool
) -> list[str]:
    """Accepted answers to an access without a right, among ``listed`` numbers of the object.

    A service that was not agreed on is not allowed in the first place, or not known.
    """
    answers = set(accepted(conditions.denied))
    if aim.announced is None:
        answers |= set(accepted(conditions.hidden))
    elif aim.number not in listed:
        answers |= set(accepted(conditions.unlisted))
    if conditions is WRITING:
        answers |= _NOT_ALLOWED
    if not negotiated:
        answers |= {*accepted("service_not_negotiated"), *accepted("service_unknown")}
    return sorted(answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """What bounds a sweep."""

    accepted: Access
    most_seconds: float | None = None
    """Line time that it may take; None where waiting costs nothing."""


def sweep_reads(
    client: Client, wanted: Sequence[Aim], attempts: Attempts
) -> tuple[Tally, dict[tuple[int, str, int], bytes]]:
    """Read each attribute and judge the answer; also return what came, by class, OBIS code and attribute."""
    tally = Tally(what=f"reads by client {client.declared.id}")
    values: dict[tuple[int, str, int], bytes] = {}
    took_s = 0.0
    negotiated = client.association.may_get
    for aim in wanted:
        if attempts.most_seconds is not None and took_s > attempts.most_seconds:
            tally.skip(_TOO_LONG)
            continue
        right = right_to_read(aim)
        name, data, frame, seconds = read_attribute(client, aim, granted=right is Right.GRANTED)
        took_s += seconds
        if data is not None:
            values[aim.key] = data
        if holds_secret(aim, data):
            tally.take(Breach(expected=f"GET {aim} to give no secret", observed="a value"), frame)
            continue
        listed = aim.announced.attributes if aim.announced else ()
        answers = refusals(attempts.accepted, READING, aim, listed, negotiated=negotiated)
        tally.take(access_as_announced(f"GET {aim}", announced_as(right), name, answers), frame)
    return tally, values


def announced_as(right: Right) -> Announced:
    """Return a right as the checks name it."""
    match right:
        case Right.GRANTED:
            return "granted"
        case Right.DENIED:
            return "denied"
        case Right.UNSURE:
            return "unsure"


def holds_secret(aim: Aim, data: bytes | None) -> bool:
    """Whether a value came where a secret would stand; an empty string or a row of one sign gives nothing away."""
    if data is None or (aim.target.class_id, aim.number) not in SECRETS:
        return False
    value = axdr.decode(data).value
    return len(set(value)) > 1 if isinstance(value, bytes | str) else bool(value)


def read_attribute(client: Client, aim: Aim, *, granted: bool) -> tuple[str, bytes | None, int, float]:
    """Return the name of the answer to a GET, the octets, the frame and the seconds; of a buffer one entry only."""
    announced = aim.announced
    if granted and announced and aim.target.class_id in _PROFILES and aim.number == _BUFFER:
        return _read_buffer(client, aim, announced)
    return _get(client, aim, None)


def _read_buffer(client: Client, aim: Aim, announced: AnnouncedObject) -> tuple[str, bytes | None, int, float]:
    if _BY_ENTRY in announced.selectors.get(_BUFFER, ()):
        found = _get(client, aim, xdlms.EntrySelection(from_entry=1, to_entry=1))
        if found[1] is not None:
            return found[0], None, found[2], found[3]
    # No part of it can be asked for: the first block tells that it is readable, the rest is not fetched.
    wanted = item(aim.target, aim.number)
    parts = client.services.get_parts(wanted)
    first = next(iter(parts))
    name = "data" if first.data is not None else f"dar:{first.result}"
    if first.blocks:
        client.establish()
    return name, None, first.frame, first.took_s


def _get(client: Client, aim: Aim, selection: xdlms.Selection | None) -> tuple[str, bytes | None, int, float]:
    try:
        result = client.get(item(aim.target, aim.number, selection))
    except Refused as refused:
        return refused.answer, None, client.conversation.frame, 0.0
    name = "data" if result.data is not None else f"dar:{result.result}"
    return name, result.data, result.frame, result.took_s
