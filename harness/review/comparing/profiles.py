"""Profiles: columns, period, depth, order, selective access, and who may change what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from harness.declaration import Absent, CosemObject, Declaration, Profile
from harness.declaration.profile import Parameter, SelectiveAccess
from harness.headend.rights.object_list import AnnouncedObject, Right
from harness.protocol.axdr import Data
from harness.protocol.cosem import obis_text
from harness.review.comparing.times import agreement
from harness.review.fact import DoorFacts, Read, Row

__all__ = ["Column", "columns_of", "compare_profiles"]

_COLUMNS, _PERIOD, _ORDER, _IN_USE, _DEPTH = 3, 4, 5, 7, 8
_PARAMETERS: Mapping[Parameter, int] = {"capture_objects": 3, "capture_period": 4, "profile_entries": 8}
_SELECTORS: Mapping[int, SelectiveAccess] = {1: "range", 2: "entry"}
_ORDERS = {1: "fifo", 2: "lifo"}
_CAPTURE = 2
_SERVICE = "SELECTIVE_ACCESS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One captured attribute as the device announces it."""

    class_id: int
    obis: str
    attribute: int

    def __str__(self) -> str:
        return f"{self.obis}.{self.attribute}"


def columns_of(data: Data | None) -> tuple[Column, ...] | None:
    """Decode capture_objects; None for what is none."""
    if data is None or not isinstance(data.value, tuple):
        return None
    found = []
    for entry in data.value:
        cells = entry.value if isinstance(entry.value, tuple) else ()
        values = [cell.value for cell in cells]
        match values:
            case [int(class_id), bytes(name), int(attribute), int()] if len(name) == 6:
                found.append(Column(class_id=class_id, obis=obis_text(name), attribute=attribute))
            case _:
                return None
    return tuple(found)


def compare_profiles(declaration: Declaration, facts: DoorFacts) -> Iterator[Row]:
    """Yield the rows of all profiles that the declaration has an object for."""
    for role, declared in declaration.objects.declared.items():
        if isinstance(declared, Absent):
            continue
        for one in declared:
            if one.class_id == 7:
                yield from _profile(declaration, facts, role, one)


def _profile(declaration: Declaration, facts: DoorFacts, role: str, target: CosemObject) -> Iterator[Row]:
    row = partial(Row, door=facts.door, topic=role)
    columns = facts.value(target, _COLUMNS)
    if columns is not None:
        yield _columns(facts, role, columns, declaration.profiles.get(role))
    profile = declaration.profiles.get(role)
    in_use = _number(facts.value(target, _IN_USE))
    period, depth = facts.value(target, _PERIOD), facts.value(target, _DEPTH)
    if profile is None:
        for item, read in (("period", period), ("depth", depth)):
            if read is not None and read.data is not None:
                yield row(item=item, announced=str(read.data.value), frame=read.frame)
        return
    if period is not None and period.data is not None:
        announced = _number(period)
        wrong = "" if announced == profile.period_s else f"[profiles.{role}] period_s is another one"
        allowed = profile.allowed_periods_s
        if not wrong and allowed is not None and announced not in allowed:
            wrong = "not among allowed_periods_s"
        yield row(
            item="period in s", declared=str(profile.period_s), announced=str(announced), agrees=not wrong, note=wrong,
            frame=period.frame,
        )  # fmt: skip
    if depth is not None and depth.data is not None:
        yield _depth(row(item="depth in rows", frame=depth.frame), profile, _number(depth), in_use)
    order = facts.value(target, _ORDER)
    if order is not None and order.data is not None:
        announced_order = _ORDERS.get(_number(order) or 0, "sorted by a value")
        said = "order" in profile.model_fields_set
        yield row(
            item="order", declared=profile.order if said else "not said", announced=announced_order,
            agrees=announced_order == profile.order if said else None, frame=order.frame,
            note="" if not said or announced_order == profile.order else "another order",
        )  # fmt: skip
    yield from _rights(declaration, facts, role, target, profile)


def _columns(facts: DoorFacts, role: str, read: Read, profile: Profile | None) -> Row:
    columns = columns_of(read.data)
    wrong = note = ""
    if columns is None:
        wrong = read.error or "capture_objects are no array of class, name, attribute and index"
    else:
        unknown = [str(one) for one in columns if (one.class_id, one.obis) not in facts.announced]
        status = profile.status_column if profile is not None else None
        if status is not None and not any(
            (one.class_id, one.obis) == (status.class_id, status.obis) for one in columns
        ):
            wrong = f"the declared status_column {status.obis} is not captured"
        elif unknown and facts.lists_are_whole:
            # Codes of events and states of profiles often stand in no object list.
            note = f"captures what is announced to nobody: {', '.join(unknown)}"
    return Row(
        door=facts.door,
        topic=role,
        item="columns",
        announced=", ".join(map(str, columns or ())),
        agrees=False if wrong else None,
        note=wrong or note,
        frame=read.frame or None,
    )


def _depth(row: Row, profile: Profile, announced: int | None, in_use: int | None) -> Row:
    wrong = ""
    if announced != profile.entries:
        wrong = "the device keeps another number of rows"
    elif profile.most_entries is not None and announced is not None and announced > profile.most_entries:
        wrong = "more than the declared most_entries"
    elif in_use is not None and announced is not None and in_use > announced:
        wrong = "more rows in use than it says it keeps"
    return Row(
        door=row.door,
        topic=row.topic or "",
        item=row.item,
        declared=str(profile.entries),
        announced=str(announced),
        observed="" if in_use is None else f"{in_use} in use",
        agrees=not wrong,
        note=wrong,
        frame=row.frame,
    )


def _number(read: Read | None) -> int | None:
    value = None if read is None or read.data is None else read.data.value
    return value if isinstance(value, int) else None


def _rights(
    declaration: Declaration, facts: DoorFacts, role: str, target: CosemObject, profile: Profile
) -> Iterator[Row]:
    seen = [
        (client, one)
        for client, objects in facts.lists()
        if (one := objects.find(target.class_id, target.obis)) is not None
    ]
    of_role = partial(_judged, Row(door=facts.door, topic=role, item=""), profile)
    selectors = {selector for _, one in seen for selector in one.selectors.get(target.attribute, ())}
    if selectors:
        granted = any(_SERVICE in facts.clients[client].granted for client, _ in seen)
        announced = [_SELECTORS[one] for one in selectors if one in _SELECTORS and granted]
        instead = "" if granted else "selectors, and the service is granted to nobody"
        yield of_role("selective_access", profile.selective_access, announced, instead=instead)
    managers = {one.id for one in declaration.associations if one.role == "management"}
    of_managers = [(client, one) for client, one in seen if client in managers]
    if not of_managers:
        return
    may = {name: _may(of_managers, attribute) for name, attribute in _PARAMETERS.items()}
    # What nobody can tell from the list is taken as declared.
    yield of_role(
        "writable",
        profile.writable,
        [
            name
            for name, right in may.items()
            if right is Right.GRANTED or (right is Right.UNSURE and name in profile.writable)
        ],
    )
    captures = [one.may_invoke(_CAPTURE) for _, one in of_managers]
    if Right.UNSURE not in captures:
        on_demand = "yes" if Right.GRANTED in captures else "no"
        yield of_role("on_demand", ["yes" if profile.on_demand else "no"], [on_demand])


def _judged(
    row: Row, profile: Profile, key: str, declared: Sequence[str], announced: Sequence[str], *, instead: str = ""
) -> Row:
    """Return the row of a key of the profile; where a default does not fit it is a note, for nobody has said it."""
    said, same = key in profile.model_fields_set, sorted(declared) == sorted(announced)
    note = f"[profiles.{row.topic}] {key} says otherwise" if said else f"say so: [profiles.{row.topic}] {key}"
    return replace(
        row,
        item=key.replace("_", " "),
        declared=_words(declared, said),
        announced=instead or ", ".join(sorted(announced)) or "nothing",
        agrees=agreement(same=same, said=said),
        note="" if same else note,
    )


def _may(seen: Sequence[tuple[str, AnnouncedObject]], attribute: int) -> Right:
    rights = {one.may_write(attribute) for _, one in seen}
    return next((one for one in (Right.GRANTED, Right.UNSURE) if one in rights), Right.DENIED)


def _words(values: Sequence[str], said: bool) -> str:
    return (", ".join(sorted(values)) or "nothing") + ("" if said else " (by default)")
