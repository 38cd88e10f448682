"""Parameters behind the hardware seal."""

from collections.abc import Collection
from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.checks.access import Tally
from harness.declaration import AssociationDeclaration, Event
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.rights.access_sweep import Rights
from harness.headend.rights.legal_attacks import harmful
from harness.headend.rights.legal_part import LegalAttribute
from harness.headend.rights.sealed_parameters import ChangeRecord, read_record, sealed_attributes, values_to_write
from harness.run.trial import Trial
from steps.audit.waiting import step_on
from steps.rights.access import associated, clients_named
from steps.security.attacks import attacked_by_writes, broadcast_attack, pre_established_attack


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedChange:
    """One change of a sealed parameter while the seal was open."""

    what: str
    before: ChangeRecord
    after: ChangeRecord
    frame: int


@given("the seal is closed")
def seal_is_closed(trial: Trial) -> None:
    if trial.bench.hands is not None:
        trial.hands.close_seal()


def sealed_here(trial: Trial) -> tuple[LegalAttribute, ...]:
    """Return the parameters behind the seal whose change does no more than the scenario says of itself."""
    every = sealed_attributes(trial.declaration)
    allowed = trial.meta.effects | {"reads"}
    found = tuple(
        one
        for one in every
        if set(trial.catalogue.effect_of_write(one.target.class_id, one.number, same_value=False)) <= allowed
    )
    if not found:
        raise Inconclusive(
            "another value of what is declared behind the seal would do more than this scenario may", missing="bench"
        )
    left_out = [str(one) for one in every if one not in found]
    remark = f"not tried, as another value would do more than this scenario may: {', '.join(left_out)}"
    if left_out and remark not in trial.remarks:
        trial.remarks.append(remark)
    return found


def refusals_of_seal(trial: Trial, condition: str) -> Collection[str]:
    """Accepted answers where right or seal forbid a write."""
    answers = set(trial.accepted_answers(condition))
    if condition == "no_write_right":
        answers |= set(trial.accepted_answers("sealed_parameter"))
    return sorted(answers)


@when(parsers.parse('every client tries by "{path}" to write other values behind the seal'), target_fixture="tallies")
def attacks_sealed(trial: Trial, rights: Rights, path: str) -> list[Tally]:
    return attacked_by_writes(
        trial,
        rights,
        path,
        sealed_here(trial),
        chosen=harmful,
        accepted=lambda condition: refusals_of_seal(trial, condition),
    )


@when("the pre-established client writes other values behind the seal", target_fixture="tallies")
def pre_established_attacks_sealed(trial: Trial) -> list[Tally]:
    return [pre_established_attack(trial, sealed_here(trial))]


@when("other values for what is behind the seal are broadcast", target_fixture="tallies")
def broadcast_attacks_sealed(trial: Trial) -> list[Tally]:
    return [broadcast_attack(trial, sealed_here(trial))]


@given("the seal is open")
def seal_is_open(trial: Trial) -> None:
    trial.at_the_end(trial.hands.close_seal)
    trial.hands.open_seal()


def opener(trial: Trial) -> AssociationDeclaration:
    """Return the client that may change what is behind the open seal."""
    return clients_named(trial, "management")[0]


@when("the management client writes another value behind the seal", target_fixture="sealed_changes")
def changes_sealed(trial: Trial) -> list[SealedChange]:
    changes = []
    for one in sealed_here(trial):
        step_on(trial)
        with associated(trial, opener(trial)) as client:
            before = read_record(client, trial.declaration)
            wanted = _changed(trial, client, one)
            found = client.read(item(one.target, one.number))
            if found != wanted:
                raise trial.fail(expected=f"{one} to be {wanted}, as written", observed=f"{found}")
            after = read_record(client, trial.declaration)
            changes.append(SealedChange(what=str(one), before=before, after=after, frame=client.conversation.frame))
    return changes


def _changed(trial: Trial, client: Client, one: LegalAttribute) -> object:
    """Write another value for the time of the scenario and return it."""
    refusal = ""
    for wanted in values_to_write(client, one):
        try:
            trial.changes.set(client, one.target, one.number, wanted)
        except Refused as refused:
            refusal = refused.answer
            if refusal in refusals_of_right(trial):
                break
            continue
        return wanted
    if refusal in refusals_of_right(trial):
        raise trial.fail(
            expected=f"{one} to be writable by {client.declared.id} while the seal is open",
            observed=refusal,
            frame=client.conversation.frame,
        )
    raise Inconclusive(f"no other value is known that {one} takes ({refusal})", missing="declaration")


def refusals_of_right(trial: Trial) -> Collection[str]:
    """Answers by which a device says that a client may not write."""
    return trial.accepted_answers("no_write_right")


@then("each change is counted and logged once")
def each_counted_and_logged(trial: Trial, sealed_changes: list[SealedChange]) -> None:
    event = trial.declaration.event("parameters_changed")
    judged = 0
    for one in sealed_changes:
        counted = one.after.counted_since(one.before)
        logged = one.after.logged_since(one.before, event.code) if isinstance(event, Event) else None
        for kept, number in (("the counter of protected changes", counted), ("the event log", logged)):
            if number is None:
                continue
            judged += 1
            if number != 1:
                raise trial.fail(
                    expected=f"{kept} to go on by 1 with the change of {one.what}",
                    observed=f"by {number}",
                    frame=one.frame,
                )
    if not judged:
        raise Inconclusive(
            "neither a counter of protected changes nor the event parameters_changed is declared", missing="declaration"
        )


@when("the seal is closed again")
def seal_closed_again(trial: Trial) -> None:
    trial.hands.close_seal()


@then("the management client cannot write behind the seal any more")
def cannot_write_any_more(trial: Trial) -> None:
    with associated(trial, opener(trial)) as client:
        for one in sealed_here(trial):
            wanted = values_to_write(client, one)[0]
            try:
                client.set(item(one.target, one.number), wanted)
            except Refused as refused:
                answers = refusals_of_seal(trial, "no_write_right")
                if refused.answer not in answers:
                    raise trial.fail(
                        expected=f"{one} to be refused with {' or '.join(answers)}", observed=refused.answer
                    ) from refused
            else:
                raise trial.fail(expected=f"{one} to be refused once the seal is closed again", observed="carried out")
    # What was changed meanwhile can be put back only behind an open seal.
    trial.hands.open_seal()
