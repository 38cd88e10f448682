"""Objects: declared, absent, not mentioned; class, version and the right to read; what reading gave."""

from collections.abc import Iterator

from harness.declaration import ROLES, Absent, CosemObject, Declaration
from harness.headend.rights.object_list import AnnouncedObject, Right
from harness.review.fact import DoorFacts, Read, Row, shown
from harness.review.usual_codes import looks_like

__all__ = ["compare_objects"]

_TOPIC = "objects"


def compare_objects(declaration: Declaration, facts: DoorFacts) -> Iterator[Row]:
    """Yield a row for each declared object, for what is called absent, and for what is not mentioned and there."""
    lists = dict(facts.lists())
    for client in facts.clients.values():
        if client.granted and client.objects_problem:
            yield Row(
                door=facts.door, topic=_TOPIC, item=f"object list for {client.id}", announced="not whole",
                note=client.objects_problem,
            )  # fmt: skip
    if not lists:
        yield Row(
            door=facts.door, topic=_TOPIC, item="object list", agrees=None,
            note="no client could read one, so nothing can be said about the declared objects",
        )  # fmt: skip
        return
    announced = facts.announced
    for role, declared in declaration.objects.declared.items():
        if isinstance(declared, Absent):
            yield _absent(facts, role, looks_like(role, announced.values()))
            continue
        for one in declared:
            yield _declared(facts, role, one)
    named = {
        (one.class_id, one.obis)
        for declared in declaration.objects.declared.values()
        for one in (declared if isinstance(declared, tuple) else ())
    }
    for role in ROLES:
        if role in declaration.objects.declared:
            continue
        likely = [one for one in looks_like(role, announced.values()) if (one.class_id, one.obis) not in named]
        if likely:
            yield Row(
                door=facts.door, topic=_TOPIC, item=role, declared="not mentioned", announced=_listed(likely),
                note=f"looks like {role}: declare it ([objects] {role}), or say \"absent\"",
            )  # fmt: skip


def _absent(facts: DoorFacts, role: str, found: tuple[AnnouncedObject, ...]) -> Row:
    note = "declared absent, and the device announces what usually is this" if found else ""
    return Row(
        door=facts.door,
        topic=_TOPIC,
        item=role,
        declared="absent",
        announced=_listed(found) if found else "nothing like it",
        agrees=not found,
        note=note,
        frame=_list_frame(facts),
    )


def _list_frame(facts: DoorFacts) -> int | None:
    return next((objects.frame for _, objects in facts.lists()), None)


def _listed(found: "list[AnnouncedObject] | tuple[AnnouncedObject, ...]") -> str:
    return ", ".join(f"{one.obis} (class {one.class_id}, version {one.version})" for one in found)


def _declared(facts: DoorFacts, role: str, target: CosemObject) -> Row:
    seen = [
        (client, one)
        for client, objects in facts.lists()
        if (one := objects.find(target.class_id, target.obis)) is not None
    ]
    version = "" if target.version is None else f", version {target.version}"
    read = facts.value(target)
    announced, wrong = "", ""
    if not seen:
        others = [one for (_, obis), one in facts.announced.items() if obis == target.obis]
        announced = f"class {others[0].class_id}" if others else "nothing"
        wrong = "announced with another class" if others else "declared, and announced to no client"
        if not others and not facts.lists_are_whole:
            # It may stand in the list that could not be read.
            return _unlisted(facts, role, target, read)
    else:
        first = seen[0][1]
        readers = [client for client, one in seen if one.may_read(target.attribute) is not Right.DENIED]
        rights = f"readable by {', '.join(readers)}" if readers else "readable by nobody"
        announced = f"class {first.class_id}, version {first.version}, {rights}"
        if target.version not in (None, first.version):
            wrong = f"another version: {first.version} where {target.version} is declared"
        elif not readers:
            wrong = f"attribute {target.attribute} is announced readable to no client"
        elif read is not None and read.error and read.client in readers:
            wrong = f"announced readable to {read.client}, and a GET ends in {read.error}"
        wrong = wrong or _wrong_type(target, read)
    return Row(
        door=facts.door,
        topic=_TOPIC,
        item=role,
        declared=f"class {target.class_id}, {target.obis}{version}",
        announced=announced,
        observed=_observed(read),
        agrees=not wrong,
        note=wrong,
        frame=read.frame if read is not None and read.frame else _list_frame(facts),
    )


def _unlisted(facts: DoorFacts, role: str, target: CosemObject, read: Read | None) -> Row:
    there = read is not None and read.data is not None
    return Row(
        door=facts.door,
        topic=_TOPIC,
        item=role,
        declared=f"class {target.class_id}, {target.obis}",
        announced="in no list that could be read",
        observed=_observed(read),
        agrees=True if there else None,
        note="" if there else "nobody can tell whether it is announced",
        frame=read.frame if read is not None and read.frame else None,
    )


def _observed(read: Read | None) -> str:
    if read is None:
        return ""
    if read.data is None:
        return read.error
    return f"{read.data.type.name.lower().replace('_', '-')} {shown(read.data)}".strip()


_NUMBERS = frozenset(
    {
        "DOUBLE_LONG", "DOUBLE_LONG_UNSIGNED", "INTEGER", "LONG", "UNSIGNED", "LONG_UNSIGNED", "LONG64",
        "LONG64_UNSIGNED", "FLOAT32", "FLOAT64", "NULL_DATA",
    }
)  # fmt: skip


def _wrong_type(target: CosemObject, read: Read | None) -> str:
    """Say what is wrong with the type of a register's value, a clock's time or the state of a switch."""
    if read is None or read.data is None:
        return ""
    kind = read.data.type.name
    if target.class_id in (3, 4, 5) and target.attribute == 2 and kind not in _NUMBERS:
        return f"the value of a register is {kind.lower().replace('_', '-')}, due is a number"
    if target.class_id == 8 and target.attribute == 2:
        octets = read.data.value
        if kind not in ("OCTET_STRING", "DATE_TIME") or not isinstance(octets, bytes) or len(octets) != 12:
            return "the time of a clock is no octet-string of 12"
    if target.class_id == 70 and target.attribute == 2 and kind != "BOOLEAN":
        return f"the output state is {kind.lower().replace('_', '-')}, due is boolean"
    return ""
