"""Asks a device what it announces, door by door and client by client.

Nothing but GET leaves, and what an association needs; a client that is refused once is not tried at another door.
"""

from collections.abc import Callable, Iterator
from typing import Final

from harness.declaration import AssociationDeclaration, CosemObject, Declaration, Door
from harness.errors import ConformeterError, PortGone, Refused
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.rights.object_list import Right, current_association, read_object_list
from harness.protocol import apdu as xdlms
from harness.review.fact import ClientFacts, DoorFacts, Name, Read

__all__ = ["Surveyor"]

_ORDER: Final = ("reading", "management", "other", "public")
_MOST_FAILURES: Final = 3
_OF_CLASS: Final[dict[int, tuple[int, ...]]] = {
    7: (3, 4, 5, 7, 8),
    8: (2, 3, 8),
    17: (2,),
    23: (2, 3, 4, 5, 6, 8, 9),
    41: (2, 6),
    64: (2, 3, 5),
    70: (2, 3, 4),
}
"""Class -> attributes that the review looks at, besides the value of declared objects."""
_LOOKED_FOR: Final = (17, 23, 41, 64)
"""Classes of which every announced object is read, declared or not."""
_NOT_VALUES: Final = (6, 7, 9, 11, 15, 18, 20, 21, 22, 65, 71)
"""Classes without one short value in attribute 2."""
_REGISTERS: Final = (3, 4)


class Surveyor:
    """Surveys the doors of one device; ``head_end_at`` gives a head end at a door, ``tell`` hears of progress."""

    def __init__(
        self,
        declaration: Declaration,
        head_end_at: Callable[[Door], HeadEnd],
        *,
        tell: Callable[[str], None],
        may_go_on: Callable[[], bool],
    ) -> None:
        self._declaration = declaration
        self._head_end_at = head_end_at
        self._tell = tell
        self._may_go_on = may_go_on
        self._shut_out: dict[str, str] = {}
        """Client -> why the device has refused it."""

    def survey(self, door: Door) -> DoorFacts:
        """Return what the device tells at a DLMS door; whatever goes wrong stands in it."""
        facts = DoorFacts(door=door.id)
        head_end = self._head_end_at(door)
        try:
            for declared in self._clients(door):
                facts.clients[declared.id] = ClientFacts(id=declared.id)
                self._ask(facts, head_end, declared)
        except (PortGone, TimeoutError) as gone:
            facts.problem = str(gone)
        finally:
            head_end.close_all()
        if not facts.problem and not any(client.granted for client in facts.clients.values()):
            reasons = "; ".join(f"{client.id}: {client.problem}" for client in facts.clients.values())
            facts.problem = f"no client is let in ({reasons})" if reasons else "no association is declared for it"
        return facts

    def _clients(self, door: Door) -> Iterator[AssociationDeclaration]:
        """Yield the clients of a door, those that may read most first."""
        able = [one for one in self._declaration.associations if one.fits(door.id) and not one.pre_established]
        yield from sorted(able, key=lambda one: _ORDER.index(one.role))

    def _ask(self, facts: DoorFacts, head_end: HeadEnd, declared: AssociationDeclaration) -> None:
        told = facts.clients[declared.id]
        if declared.id in self._shut_out:
            told.problem = f"not tried again: {self._shut_out[declared.id]}"
            return
        if not self._may_go_on():
            told.problem = "the time for it is over (--limit-s)"
            return
        self._tell(f"door {facts.door}: client {declared.id}")
        client = Client(head_end, declared)
        try:
            client.establish_unjudged()
            told.frame = head_end.last_record
            negotiated = client.association.negotiated
            told.granted = frozenset(flag.name for flag in negotiated.conformance if flag.name)
            told.server_pdu_octets = negotiated.server_max_receive_pdu_size
            self._read_all(facts, told, client)
        except PortGone:
            raise
        except Refused as refused:
            told.problem, told.refused, told.frame = str(refused), True, head_end.last_record
            self._shut_out[declared.id] = str(refused)
        except ConformeterError as error:
            told.problem = str(error)
        finally:
            client.close()

    def _read_all(self, facts: DoorFacts, told: ClientFacts, client: Client) -> None:
        try:
            told.objects = read_object_list(client, current_association(self._declaration))
        except ConformeterError as error:
            told.objects_problem = str(error)
        own = current_association(self._declaration)
        for attribute in (4, 6):
            name = (own.class_id, own.obis, attribute)
            facts.read_by[told.id, name] = self._read(client, name)
        failures = 0
        for name in self._wanted(told):
            before = facts.reads.get(name)
            if failures >= _MOST_FAILURES or not self._may_go_on():
                told.objects_problem = told.objects_problem or "not all objects were read"
                return
            if before is not None and before.data is not None:
                continue
            read = self._read(client, name)
            failures = 0 if read.data is not None or ":" in read.error.partition(" ")[0] else failures + 1
            if before is None or read.data is not None:
                facts.reads[name] = read

    def _wanted(self, told: ClientFacts) -> Iterator[Name]:
        """Yield what to read, without what the client is told it may not."""
        objects = told.objects
        targets: dict[tuple[int, str], CosemObject] = {}
        for declared in self._declaration.objects.declared.values():
            for one in declared if isinstance(declared, tuple) else ():
                targets.setdefault((one.class_id, one.obis), one)
        for listed in objects or ():
            if listed.class_id in _LOOKED_FOR:
                targets.setdefault((listed.class_id, listed.obis), listed.target)
        for target in targets.values():
            announced = None if objects is None else objects.find(target.class_id, target.obis)
            if objects is not None and announced is None:
                continue
            for attribute in _attributes(target):
                if announced is None or announced.may_read(attribute) is not Right.DENIED:
                    yield target.class_id, target.obis, attribute

    def _read(self, client: Client, name: Name) -> Read:
        class_id, obis, attribute = name
        target = CosemObject.model_validate({"class": class_id, "obis": obis})
        try:
            data = client.read(item(target, attribute))
        except Refused as refused:
            return Read(data=None, error=refused.answer, frame=client.conversation.frame, client=client.declared.id)
        except PortGone:
            raise
        except ConformeterError as error:
            return Read(data=None, error=f"failed {error}", client=client.declared.id)
        return Read(data=data, frame=client.conversation.frame, client=client.declared.id)


def _attributes(target: CosemObject) -> tuple[int, ...]:
    known = _OF_CLASS.get(target.class_id)
    if known is not None:
        return known
    if target.class_id in _NOT_VALUES:
        return ()
    return (target.attribute, 3) if target.class_id in _REGISTERS else (target.attribute,)


def conformance_names(names: frozenset[str]) -> str:
    """Return conformance bits in the order of the standard."""
    return " ".join(flag.name or "" for flag in xdlms.Conformance if flag.name in names)
