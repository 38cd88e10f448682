"""Associations: who is let in, what was negotiated, what the security setup says."""

from collections.abc import Iterator

from harness.declaration import AssociationDeclaration, Declaration, Door
from harness.protocol.axdr import Data
from harness.review.fact import ClientFacts, DoorFacts, Row
from harness.review.survey import conformance_names

__all__ = ["compare_associations"]

_SECURITY_SETUP = 64
_SUITE, _SERVER_TITLE = 3, 5
_MECHANISM = 6


def compare_associations(declaration: Declaration, door: Door, facts: DoorFacts) -> Iterator[Row]:
    """Yield the rows of all clients that are declared for the door."""
    for declared in declaration.associations:
        told = facts.clients.get(declared.id)
        if told is None:
            continue
        topic = f"client {declared.id}"
        yield Row(
            door=door.id, topic=topic, item="association",
            declared=f"SAP {declared.client_sap} to {declared.server_sap}, {declared.mechanism}, {declared.context}",
            announced="accepted" if told.granted else "refused" if told.refused else "no answer",
            agrees=True if told.granted else False if told.refused else None,
            note=told.problem, frame=told.frame,
        )  # fmt: skip
        if told.granted:
            yield _conformance(door.id, topic, declared, told)
            size = told.server_pdu_octets
            yield Row(
                door=door.id, topic=topic, item="longest APDU in octets", announced=str(size) if size else "no limit",
                declared=f"we take {declared.max_receive_pdu_size or 'any'}", frame=told.frame,
            )  # fmt: skip
            yield from _mechanism(facts, topic, declared)
            yield from _security(facts, topic, declared)


def _conformance(door: str, topic: str, declared: AssociationDeclaration, told: ClientFacts) -> Row:
    proposed = frozenset(declared.conformance)
    beyond, withheld = told.granted - proposed, proposed - told.granted
    said = "conformance" in declared.model_fields_set
    note = ""
    if beyond:
        note = f"granted without being proposed: {conformance_names(frozenset(beyond))}"
    elif withheld:
        note = f"proposed and not granted: {conformance_names(frozenset(withheld))}"
    return Row(
        door=door,
        topic=topic,
        item="conformance",
        declared=conformance_names(frozenset(proposed)) + ("" if said else " (by default)"),
        announced=conformance_names(told.granted),
        # A client may ask for more than a device has.
        agrees=False if beyond else (None if withheld else True),
        note=note,
        frame=told.frame,
    )


def _last_number(data: Data | None) -> int | None:
    """Return the last arc of an object identifier, in its octets or as a structure."""
    value = None if data is None else data.value
    if isinstance(value, bytes) and value:
        return value[-1]
    if isinstance(value, tuple) and value and isinstance(value[-1].value, int):
        return value[-1].value
    return None


def _mechanism(facts: DoorFacts, topic: str, declared: AssociationDeclaration) -> Iterator[Row]:
    for (client, (_, _, attribute)), read in facts.read_by.items():
        number = _last_number(read.data)
        if client != declared.id or attribute != _MECHANISM or number is None:
            continue
        same = number == declared.mechanism_id
        yield Row(
            door=facts.door, topic=topic, item="mechanism", declared=f"{declared.mechanism} ({declared.mechanism_id})",
            announced=str(number), agrees=same, frame=read.frame,
            note="" if same else "the association object names another mechanism",
        )  # fmt: skip


def _security(facts: DoorFacts, topic: str, declared: AssociationDeclaration) -> Iterator[Row]:
    security = declared.security
    if security is None:
        return
    for (class_id, obis, attribute), read in facts.reads.items():
        if class_id != _SECURITY_SETUP or read.data is None or read.client != declared.id:
            continue
        if attribute == _SUITE and isinstance(read.data.value, int):
            same = read.data.value == security.suite
            yield Row(
                door=facts.door, topic=topic, item=f"suite in {obis}", declared=str(security.suite),
                announced=str(read.data.value), agrees=same, frame=read.frame,
                note="" if same else "the security setup has another suite",
            )  # fmt: skip
        if attribute == _SERVER_TITLE and isinstance(read.data.value, bytes) and security.server_system_title:
            announced = read.data.value.hex().upper()
            same = announced == security.server_system_title.upper()
            yield Row(
                door=facts.door, topic=topic, item=f"system title in {obis}", declared=security.server_system_title,
                announced=announced, agrees=same, frame=read.frame,
                note="" if same else "server_system_title is another one",
            )  # fmt: skip
