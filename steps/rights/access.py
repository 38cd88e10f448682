"""Rights: what is announced against what is allowed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from pytest_bdd import given, parsers, then, when

from harness.checks.access import UNTOLD, Tally
from harness.declaration import AssociationDeclaration, AssociationRole
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.client import Client
from harness.headend.rights.access_sweep import Aim, Attempts, Rights, aims, sweep_reads
from harness.headend.rights.object_list import AnnouncedObject, ObjectList, current_association, read_object_list
from harness.headend.rights.write_sweep import (
    Bounds,
    Values,
    read_values,
    sweep_methods,
    sweep_refused_writes,
    sweep_writes,
)
from harness.run.trial import Trial

_LONGEST_SWEEP_S = 300.0
"""Line time for the reads of one client, where it is not virtual."""
_TIERS = (frozenset({"reads", "writes"}), frozenset({"reads", "writes", "sets_clock", "clears", "fills_logs"}))
"""Effects of scenarios of one kind, the mildest first: what one has tried the next one leaves out."""
_ROLES: dict[str, AssociationRole] = {"public": "public", "reading": "reading", "management": "management"}
_MOST_ROOM_OCTETS = 0xFFFF
_BY_RANK = ("management", "reading", "other", "public")


def clients_here(trial: Trial) -> list[AssociationDeclaration]:
    """Return the declared clients that associate at this door."""
    return [one for one in trial.declaration.associations if one.fits(trial.door.id) and not one.pre_established]


def by_rank(clients: Sequence[AssociationDeclaration]) -> list[AssociationDeclaration]:
    """Put those first that are likely to see most."""
    return sorted(clients, key=lambda one: _BY_RANK.index(one.role))


def clients_named(trial: Trial, which: str) -> list[AssociationDeclaration]:
    """Return the first client of a role, for ``further`` all that are not the first of theirs, else every one."""
    if which == "every":
        return clients_here(trial)
    if which in _ROLES:
        return [trial.head_end.association(_ROLES[which])]
    firsts = [trial.declaration.association_of(role, trial.door.id) for role in _ROLES.values()]
    found = [one for one in clients_here(trial) if one not in firsts]
    if not found:
        raise NotApplicable("no further client is declared for this door", item="associations")
    return found


@contextmanager
def associated(trial: Trial, declared: AssociationDeclaration) -> Iterator[Client]:
    """Associate a declared client for a while; the line is free again afterwards."""
    client = trial.head_end.associate_declared(declared)
    try:
        yield client
    finally:
        client.close()


def conclude(trial: Trial, tallies: Sequence[Tally]) -> None:
    """Raise the first finding of all sweeps, or say in the reason of the verdict what was tried."""
    found = [each for tally in tallies for each in tally.breaches]
    if found or any(tally.tried for tally in tallies):
        trial.remarks += [tally.text for tally in tallies]
    if found:
        breach, frame = found[0]
        more = f"; and {len(found) - 1} more of this kind" if len(found) > 1 else ""
        raise trial.fail(expected=breach.expected, observed=f"{breach.observed}{more}", frame=frame)
    if not any(tally.tried for tally in tallies):
        untried = "; ".join(tally.text for tally in tallies)
        if any(UNTOLD in tally.untried for tally in tallies):
            raise Inconclusive(f"the object lists do not say what is allowed: {untried}", missing="device")
        raise NotApplicable(f"there is nothing of this kind to try: {untried}", item="associations")
    if not any(tally.judged for tally in tallies):
        raise Inconclusive("nothing could be tried that says whether rights are kept", missing="device")


def list_of(trial: Trial, declared: AssociationDeclaration) -> ObjectList:
    """Read a client's object list; one that is too long for an answer once more with all the room there is."""
    association = current_association(trial.declaration)
    try:
        with associated(trial, declared) as client:
            return read_object_list(client, association)
    except Refused:
        client = trial.head_end.associate_declared(declared, max_receive_pdu_size=_MOST_ROOM_OCTETS)
    try:
        return read_object_list(client, association)
    finally:
        client.close()


@given("the object lists of all clients have been read", target_fixture="rights")
@when("the object lists of all clients are read", target_fixture="rights")
def object_lists_are_read(trial: Trial) -> Rights:
    lists: dict[str, ObjectList] = {}
    for declared in clients_here(trial):
        try:
            lists[declared.id] = list_of(trial, declared)
        except Refused as refused:
            trial.remarks.append(f"client {declared.id} told nothing of its rights ({refused})")
    if not lists:
        raise Inconclusive("no client may read its object list", missing="device")
    return Rights(lists=lists)


def told(trial: Trial, rights: Rights, which: str) -> list[AssociationDeclaration]:
    """Return the clients of that name whose object list is known."""
    found = [one for one in clients_named(trial, which) if one.id in rights.lists]
    if not found:
        raise Inconclusive(f"the {which} client may not read its object list", missing="device")
    return found


@when(parsers.parse("every attribute is read by the {which} client"), target_fixture="tallies")
def every_attribute_is_read(trial: Trial, rights: Rights, which: str) -> list[Tally]:
    attempts = Attempts(
        accepted=trial.accepted_answers, most_seconds=None if trial.door.is_virtual else _LONGEST_SWEEP_S
    )
    tallies = []
    for declared in told(trial, rights, which):
        with associated(trial, declared) as client:
            wanted = list(aims(rights, declared.id, rights.attributes))
            tallies.append(sweep_reads(client, wanted, attempts)[0])
    return tallies


def bounds_of(trial: Trial) -> Bounds:
    """Return what this scenario may try, by its effects."""
    allowed = trial.meta.effects | {"reads"}
    return Bounds(
        accepted=trial.accepted_answers,
        allowed=allowed,
        elsewhere=max((tier for tier in _TIERS if tier < allowed), key=len, default=frozenset()),
        effect_of_write=lambda class_id, number: trial.catalogue.effect_of_write(class_id, number, same_value=True),
        effect_of_invoke=trial.catalogue.effect_of_invoke,
        sealed=frozenset((one.class_id, one.obis, one.attribute or 2) for one in trial.declaration.access.sealed),
    )


def values_known(trial: Trial, rights: Rights, wanted: Sequence[Aim]) -> Values:
    """Read the values of attributes by whoever may read them."""
    values: Values = {}
    keys = {aim.key for aim in wanted}
    for declared in by_rank(clients_here(trial)):
        if declared.id not in rights.lists or keys <= values.keys():
            continue
        own = [aim for aim in aims(rights, declared.id, rights.attributes) if aim.key in keys]
        with associated(trial, declared) as client:
            read_values(client, own, values)
    return values


@when("any client tries to write what it may not write", target_fixture="tallies")
def anybody_tries_forbidden_writes(trial: Trial, rights: Rights) -> list[Tally]:
    return tries_forbidden_writes(trial, rights, "every")


@when(parsers.parse("the {which} client tries to write what it may not write"), target_fixture="tallies")
def tries_forbidden_writes(trial: Trial, rights: Rights, which: str) -> list[Tally]:
    tallies = []
    for declared in told(trial, rights, which):
        wanted = list(aims(rights, declared.id, rights.attributes))
        values = values_known(trial, rights, wanted)
        with associated(trial, declared) as client:
            tallies.append(sweep_refused_writes(client, wanted, values, bounds_of(trial)))
    return tallies


@when(parsers.parse("the {which} client writes what it may write with the value just read"), target_fixture="tallies")
def writes_what_it_may(trial: Trial, rights: Rights, which: str) -> list[Tally]:
    bounds = replace(bounds_of(trial), elsewhere=frozenset())
    return _each(trial, rights, which, rights.attributes, lambda client, wanted: sweep_writes(client, wanted, bounds))


@when("every client tries to invoke what it may not invoke", target_fixture="tallies")
def tries_forbidden_methods(trial: Trial, rights: Rights) -> list[Tally]:
    return _each(
        trial, rights, "every", rights.methods, lambda client, wanted: sweep_methods(client, wanted, bounds_of(trial))
    )


def _each(
    trial: Trial,
    rights: Rights,
    which: str,
    numbers: Callable[[AnnouncedObject], Sequence[int]],
    sweep: Callable[[Client, Sequence[Aim]], Tally],
) -> list[Tally]:
    tallies = []
    for declared in told(trial, rights, which):
        with associated(trial, declared) as client:
            tallies.append(sweep(client, list(aims(rights, declared.id, numbers))))
    return tallies


@then("every answer is as announced")
@then("every attempt is refused")
@then("every reading is as before")
def every_answer_as_announced(trial: Trial, tallies: list[Tally]) -> None:
    conclude(trial, tallies)
