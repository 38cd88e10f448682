"""Associations that must not open: undecipherable association requests, wrong answers to the challenge."""

from pytest_bdd import parsers, then, when

from harness.checks.discarding import among
from harness.errors import Inconclusive, NotApplicable
from harness.headend.stimuli.ciphering_recipes import RECIPES
from harness.headend.stimuli.discard import Strike
from harness.headend.stimuli.wrong_opening import Opening
from harness.run.trial import Trial
from steps.security.ciphering import ciphered_client, target_of

_LOWEST_HIGH_LEVEL = 2


@when(parsers.parse("an association request is sent whose content is ciphered with {fault}"), target_fixture="opened")
def association_request_ciphered_wrongly(trial: Trial, fault: str) -> Strike:
    declared = ciphered_client(trial)
    target_of(trial, declared).client.close()
    opening = Opening(trial.head_end, declared)
    trial.spend_failures(declared.id)
    return opening.sent(opening.wrong(RECIPES[fault]))


@then(parsers.parse('it gets what is accepted for "{condition}", and the client can associate'))
def gets_what_is_accepted(trial: Trial, opened: Strike, condition: str) -> None:
    provoked = opened.provoked
    trial.remarks.append(f"{provoked.name} came")
    if provoked.name == "garbled":
        raise Inconclusive(provoked.description, missing="line")
    ended = {"closed", "dm"} if trial.declaration.security.closes_connection else set()
    accepted = {*trial.accepted_answers(condition), *ended}
    trial.judge(among(provoked.name, provoked.description, accepted), provoked.frame)
    target_of(trial, ciphered_client(trial))


@when("the device's challenge is answered wrongly", target_fixture="outcome")
def challenge_answered_wrongly(trial: Trial) -> str:
    declared = ciphered_client(trial)
    if declared.mechanism_id < _LOWEST_HIGH_LEVEL:
        raise NotApplicable(f"client {declared.id} has no high level security", item="associations.mechanism")
    target_of(trial, declared).client.close()
    trial.spend_failures(declared.id)
    return Opening(trial.head_end, declared).answered_wrongly()


@then(parsers.parse('the outcome is one of "{condition}", and the client can associate'))
def outcome_is_accepted(trial: Trial, outcome: str, condition: str) -> None:
    trial.remarks.append(f"{outcome} came")
    trial.judge(among(outcome, "after a wrong answer to the challenge", trial.accepted_answers(condition)))
    target_of(trial, ciphered_client(trial))
