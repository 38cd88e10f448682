"""Controls of ciphering: requests that are protected too little, and well ciphered ones that are wrong inside."""

from pytest_bdd import parsers, then, when

from harness.errors import NotApplicable
from harness.headend.requests import get_request, unannounced_object
from harness.headend.restoring.security_policy import demanded_of_requests
from harness.headend.stimuli.ciphering_recipes import LACKS, RECIPES
from harness.headend.stimuli.discard import Strike, Target
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.headend.stimuli.stimulus import answered
from harness.run.trial import Trial
from steps.security.ciphering import Attack, judge_control

_UNKNOWN_ATTRIBUTE = 99
_SECRET = 7
"""Attribute of an association that nobody ought to read."""


@when(parsers.parse("a request is sent that is protected too little: {how}"), target_fixture="attacked")
def request_protected_too_little(trial: Trial, target: Target, how: str) -> Attack:
    lacks = LACKS[how]
    demanded = demanded_of_requests(target.client, trial.declaration)
    if demanded is not None and not demanded & lacks:
        raise NotApplicable("the device's security policy does not demand more", item="objects.security_setup")
    target.good()

    def strike() -> Strike:
        trial.spend_failures(target.client.declared.id, failure="deciphering")
        if how == "plain":
            return target.strike(bytes)
        with target.intruder.content_with(lacks):
            return target.strike(target.intruder.wrongly(RECIPES[how]))

    return Attack(strike=strike(), again=strike, stimulus="C16" if how == "plain" else "C15")


@then(parsers.parse('it gets an error as for "{condition}", and the association goes on'))
def gets_error(trial: Trial, target: Target, attacked: Attack, condition: str) -> None:
    judge_control(trial, target, attacked, condition)


@when(parsers.parse("a well ciphered request is sent that is wrong inside: {what}"), target_fixture="provoked")
def well_ciphered_and_wrong_inside(trial: Trial, target: Target, what: str) -> Provoked:
    if what == "no-right":
        wrong = get_request(trial.object("association"), _SECRET)
    elif what == "unknown-object":
        wrong = get_request(unannounced_object(target.client.announced_codes()))
    elif what == "unknown-attribute":
        wrong = get_request(trial.declaration.probe, _UNKNOWN_ATTRIBUTE)
    else:
        whole, _ = target.request()
        wrong = whole[: len(whole) // 2]

    def attempt() -> Provoked:
        if not target.client.is_associated:
            target.associate_again()
        return provoke(target.client.conversation, wrong, repeat=False)

    return answered(trial.head_end, f"a well ciphered request that is wrong inside ({what})", attempt, ())


@then("it is answered, and well ciphered")
def it_is_answered(trial: Trial, provoked: Provoked) -> None:
    # Whether it is the right answer is a matter of diagnostics; here it only matters that there is one.
    trial.remarks.append(f"{provoked.name} came")
