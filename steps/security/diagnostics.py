"""Requests that cannot be carried out, and the diagnostic information that must come back."""

from collections.abc import Sequence

from pytest_bdd import parsers, then, when

from harness.checks.uniform_errors import ANSWER
from harness.declaration import AssociationDeclaration
from harness.errors import Inconclusive, NotApplicable
from harness.headend.requests import get_request
from harness.headend.stimuli.aarq_variants import ask, ask_as_stranger, initiate_error, initiate_response
from harness.headend.stimuli.association_life import ask_after_release
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.headend.stimuli.service_stimuli import Stimuli
from harness.headend.stimuli.stimulus import answered, clients_at
from harness.headend.stimuli.stimulus_table import attempt_of
from harness.headend.stimuli.write_stimuli import WriteStimuli
from harness.run.trial import Trial

_LOW_LEVEL = 1
_UNKNOWN_CLIENTS = (123, 120, 117)
_CIPHERED_TAGS = (0x28, 0xDB, 0xDC, 0xDD)
"""An InitiateResponse under a global key, and the general forms of ciphering."""
_SAYS_WHY_INSIDE = "initiate_"
"""Conditions whose reason stands in the InitiateRequest's own error."""


def judged_by(trial: Trial, condition: str, stimulus: str, provoked: Provoked) -> Provoked:
    """Keep what a stimulus got, for the comparison of conditions and doors, and return it."""
    value = {
        "condition": condition,
        "stimulus": stimulus,
        "answer": provoked.name,
        "inside": initiate_error(provoked),
        "accepted": list(trial.catalogue.accepted_answers(condition)),
    }
    trial.trace.recall(ANSWER, lambda: value)
    return provoked


def provoked_in_association(
    trial: Trial, condition: str, stimulus: str, candidates: Sequence[AssociationDeclaration] | None = None
) -> Provoked:
    """Send a stimulus of the table and return the reaction, judged where it is none."""
    effects = trial.catalogue.effects
    writes = WriteStimuli(
        trial.declaration,
        lambda class_id, attribute, same: effects.of_write(class_id, attribute, same_value=same),
        trial.changes.keep,
        trial.changes.clock,
    )
    attempt = attempt_of(stimulus, trial.head_end, Stimuli(trial.declaration), writes, candidates=candidates)
    return answered(trial.head_end, f"the stimulus {stimulus}", attempt, trial.accepted_answers(condition))


@when(parsers.parse('the head end provokes "{condition}" by "{stimulus}"'), target_fixture="provoked")
def provokes(trial: Trial, condition: str, stimulus: str) -> Provoked:
    return judged_by(trial, condition, stimulus, provoked_in_association(trial, condition, stimulus))


@when(parsers.parse('the head end provokes "{condition}" by an AARQ with "{variant}"'), target_fixture="provoked")
def provokes_by_aarq(trial: Trial, condition: str, variant: str) -> Provoked:
    able = _clients_for(trial, variant)
    asked: list[AssociationDeclaration] = []

    def attempt() -> Provoked:
        asked[:] = [_affordable(trial, able)]
        return ask(trial.head_end, asked[0], variant)

    accepted = _accepted(trial, condition, able[0], variant)
    provoked = answered(trial.head_end, f"an AARQ with {variant}", attempt, accepted)
    return judged_by(trial, condition, f"aarq/{variant}", provoked)


def _affordable(trial: Trial, able: Sequence[AssociationDeclaration]) -> AssociationDeclaration:
    """Return the first client that may still fail, and take that from its budget; who proves nothing cannot fail."""
    spent: Inconclusive | None = None
    for declared in able:
        if declared.mechanism_id < _LOW_LEVEL and not declared.ciphered:
            return declared
        try:
            trial.spend_failures(declared.id)
        except Inconclusive as no_more:
            spent = no_more
            continue
        return declared
    raise spent or Inconclusive("no client may fail any more", missing="declaration")


def _accepted(trial: Trial, condition: str, declared: AssociationDeclaration, variant: str) -> tuple[str, ...]:
    accepted = trial.accepted_answers(condition)
    # With a title of a wrong length nothing of this client can be deciphered, and silence towards that is right too.
    return (*accepted, "silence") if declared.ciphered and variant.startswith("title-of") else accepted


def _clients_for(trial: Trial, variant: str) -> list[AssociationDeclaration]:
    """Return the clients that an AARQ can be of, the one that has the least in it beside what is wrong first."""
    able = sorted(
        clients_at(trial.head_end, ("public", "reading", "management", "other")),
        key=lambda one: (one.ciphered, one.mechanism_id),
    )
    if variant.startswith("title-of"):
        able = [one for one in able if one.security is not None]
        lacking = "no client of this door has a system title"
    elif variant.startswith(("mechanism-", "authentication-")):
        able = [one for one in able if one.mechanism_id >= _LOW_LEVEL]
        lacking = "no client of this door authenticates itself"
    elif variant == "dedicated-key":
        able = [one for one in able if not one.ciphered]
        lacking = "no client of this door is without ciphering"
    elif variant == "user-unknown":
        able = [one for one in able if one.user_id is not None]
        lacking = "no client of this door names its user"
    else:
        lacking = "no client is let in at this door"
    if not able:
        raise NotApplicable(lacking, item="associations")
    return able


@when("the head end asks for data as a client that has not associated", target_fixture="provoked")
def asks_without_association(trial: Trial) -> Provoked:
    declared = clients_at(trial.head_end)[0]

    def attempt() -> Provoked:
        conversation = trial.head_end.connect(declared)
        try:
            return provoke(conversation, get_request(trial.declaration.probe))
        finally:
            conversation.close()

    accepted = trial.accepted_answers("no_association")
    provoked = answered(trial.head_end, "a GET outside an association", attempt, accepted)
    return judged_by(trial, "no_association", "get-unassociated", provoked)


@when("the head end asks for data after it has released the association", target_fixture="provoked")
def asks_after_release(trial: Trial) -> Provoked:
    declared = clients_at(trial.head_end)[0]

    def attempt() -> Provoked:
        return ask_after_release(trial.head_end, declared)

    accepted = trial.accepted_answers("no_association")
    provoked = answered(trial.head_end, "a GET after the release", attempt, accepted)
    return judged_by(trial, "no_association", "get-released", provoked)


@when("a client that is not declared asks for an association", target_fixture="provoked")
def unknown_client_asks(trial: Trial) -> Provoked:
    known = {one.client_sap for one in trial.declaration.associations}
    sap = next(sap for sap in _UNKNOWN_CLIENTS if sap not in known)
    like = clients_at(trial.head_end)[0]
    declared = AssociationDeclaration.model_validate(
        {"id": "unknown", "role": "other", "client_sap": sap, "server_sap": like.server_sap, "mechanism": "none"}
    )
    accepted = trial.accepted_answers("client_unknown")

    def attempt() -> Provoked:
        return ask_as_stranger(trial.head_end, declared)

    provoked = answered(trial.head_end, f"an AARQ of client {sap}", attempt, accepted)
    return judged_by(trial, "client_unknown", "aarq/client-unknown", provoked)


@then(parsers.parse('the diagnostic is one of those for "{condition}"'))
def diagnostic_is_one_of(trial: Trial, provoked: Provoked, condition: str) -> None:
    accepted = trial.accepted_answers(condition)
    names = [provoked.name]
    if condition.startswith(_SAYS_WHY_INSIDE):
        inside = initiate_error(provoked)
        names += [inside] if inside is not None else []
    declared_silence = condition == "aarq_calling_ap_title" and provoked.name == "silence"
    wrong = [name for name in names if name not in accepted and not declared_silence]
    if wrong:
        meant = " or ".join(f"{name} ({trial.catalogue.answer_text(name)})" for name in accepted)
        raise trial.fail(
            expected=f"{condition}: {meant}",
            observed=f"{wrong[0]}: {provoked.description}",
            frame=provoked.frame,
        )


@then("no association was opened")
def no_association_opened(trial: Trial, provoked: Provoked) -> None:
    if provoked.name == "aare:0":
        raise trial.fail(expected="no association", observed=provoked.description, frame=provoked.frame)


@then("the device names version 6 and the services that it grants")
def names_version_6(trial: Trial, provoked: Provoked) -> None:
    content = getattr(provoked.received and provoked.received.answer, "user_information", None)
    if content and content[0] in _CIPHERED_TAGS:
        raise Inconclusive("what is granted comes ciphered: no client of this door is in clear", missing="declaration")
    granted = initiate_response(provoked)
    if granted.dlms_version != 6:
        raise trial.fail(expected="DLMS version 6", observed=f"version {granted.dlms_version}", frame=provoked.frame)
    if not granted.conformance:
        raise trial.fail(expected="at least one service", observed=granted.describe(), frame=provoked.frame)
