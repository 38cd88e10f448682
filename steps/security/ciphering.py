"""Wrongly ciphered requests, what they get, and that the association lives on."""

from collections.abc import Callable
from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.checks.discarding import (
    among,
    counter_error,
    deciphering_error,
    discarded,
)
from harness.declaration import AssociationDeclaration, AssociationRole
from harness.errors import Inconclusive, NonConformity, NotApplicable
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.ciphering_recipes import RECIPES
from harness.headend.stimuli.discard import ENDED, LateAnswer, Strike, Target
from harness.run.trial import Trial

_CONTROL = ("protection_malformed", "request_malformed", "protection_insufficient")
"""Conditions of which any answer is one to what is hardly a ciphered request."""
_HARDLY_CIPHERED = ("protection_malformed", "compression_unsupported", "general_protection_not_negotiated")

_GOOD_REQUESTS = 3

Stimulus = Callable[[], Strike]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A wrong request and what it got."""

    strike: Strike
    again: Stimulus
    stimulus: str
    """C1 to C18."""
    last: int = 0
    """The last counter that the device had accepted before."""
    far_counter: int = 0
    """The counter of the request, where it was far above."""


def ciphered_client(trial: Trial, role: AssociationRole | None = None) -> AssociationDeclaration:
    """Return the declared ciphered client for attacks at this door."""
    declared = trial.declaration.ciphered_association(trial.door, role)
    if declared is None:
        raise Inconclusive("the declaration does not mention a ciphered association", missing="declaration")
    return declared


def target_of(trial: Trial, declared: AssociationDeclaration, head_end: HeadEnd | None = None) -> Target:
    """Associate, at another door where ``head_end`` stands there, and make the first good request."""
    head_end = head_end or trial.head_end
    client = head_end.associate_declared(declared)
    target = Target(head_end, client, probe=trial.declaration.probe, is_hdlc=head_end.door.protocol == "hdlc")
    target.begin()
    return target


@given("a ciphered client is associated", target_fixture="target")
def ciphered_client_is_associated(trial: Trial) -> Target:
    return target_of(trial, ciphered_client(trial))


def attack(trial: Trial, target: Target, stimulus: str, send: Callable[[], Strike]) -> Attack:
    """Strike once; the failure is taken from the budget first."""
    last = target.intruder.last_counter

    def strike() -> Strike:
        trial.spend_failures(target.client.declared.id, failure="deciphering")
        return send()

    return Attack(strike=strike(), again=strike, stimulus=stimulus, last=last)


def ciphered_wrongly(trial: Trial, target: Target, fault: str) -> Attack:
    """Strike by a recipe."""
    recipe = RECIPES[fault]
    return attack(trial, target, recipe.stimulus, lambda: target.strike(target.intruder.wrongly(recipe)))


@when(parsers.parse("a request is sent with {fault}"), target_fixture="attacked")
def request_is_sent_with(trial: Trial, target: Target, fault: str) -> Attack:
    return ciphered_wrongly(trial, target, fault)


@when(parsers.parse('an old request is repeated: "{which}"'), target_fixture="attacked")
def old_request_is_repeated(trial: Trial, target: Target, which: str) -> Attack:
    return attack(trial, target, "C10" if which == "last" else "C11", replay_of(target, which))


def replay_of(target: Target, which: str) -> Callable[[], Strike]:
    """Return what makes a replay of a request: its octets as they were, or a counter of before."""
    if which in ("last", "last-but-one"):
        sent = target.intruder.sent[-1]
        if which == "last-but-one":
            target.good()
        return lambda: target.repeat(sent)
    counter = 0
    if which == "lower":
        counter = target.intruder.spend()
        target.good()
    return lambda: target.strike(target.intruder.with_counter(counter))


@then("it is silently discarded and the association goes on")
def silently_discarded(trial: Trial, target: Target, attacked: Attack) -> None:
    judge_discarded(trial, target, attacked)


def judge_discarded(trial: Trial, target: Target, attacked: Attack) -> None:
    """Judge silence, and the good requests behind it."""
    provoked = attacked.strike.provoked
    trial.remarks.append(attacked.strike.describe())
    policy = trial.declaration.ciphering_error_policy
    by_policy = trial.declaration.answers_by_policy(attacked.stimulus, general_protection=target.general_protection)
    if by_policy and (provoked.name == "silence" or provoked.name.startswith("exception:")):
        raise NonConformity(
            clause=trial.clause,
            expected="no answer",
            observed=f"ciphering_error_policy is {policy}; here {provoked.name}: {provoked.description}",
            frame=provoked.frame,
            note="declared deviation",
        )
    trial.judge(
        discarded(provoked.name, provoked.description, may_close=trial.declaration.security.closes_connection),
        provoked.frame,
    )
    if provoked.name in ENDED:
        target.associate_again()
        trial.remarks.append("the connection was closed, as declared")
    association_goes_on(trial, target, attacked)


def association_goes_on(trial: Trial, target: Target, attacked: Attack) -> None:
    """Two good requests in the same association; a late answer is an answer."""
    try:
        took_s = target.goes_on(attacked.again)
    except LateAnswer as late:
        raise trial.fail(expected="no answer, late or not", observed=str(late), frame=late.frame) from late
    trial.remarks.append(f"good requests with other invoke-ids were answered, the first in {took_s:.2f} s")


@then(parsers.parse('it gets silence or an error as for "{condition}", and the association goes on'))
def silence_or_error(trial: Trial, target: Target, attacked: Attack, condition: str) -> None:
    judge_control(trial, target, attacked, condition)


def judge_control(trial: Trial, target: Target, attacked: Attack, condition: str) -> None:
    """Judge an answer that is a matter of declaration."""
    provoked = attacked.strike.provoked
    accepted = control_answers(trial, condition)
    trial.remarks.append(f"{provoked.name} came")
    if provoked.name == "garbled":
        raise Inconclusive(provoked.description, missing="line")
    may_close = trial.declaration.security.closes_connection
    if not (may_close and provoked.name in ENDED):
        trial.judge(among(provoked.name, provoked.description, accepted), provoked.frame)
    if provoked.name in ENDED:
        target.associate_again()
    association_goes_on(trial, target, attacked)


def control_answers(trial: Trial, condition: str) -> frozenset[str]:
    """Return what the declaration chooses, else all that the catalogue allows for it and what comes close to it."""
    chosen = trial.declaration.answers_of(condition, trial.door)
    if chosen is not None or condition not in _HARDLY_CIPHERED:
        return frozenset(trial.accepted_answers(condition))
    return frozenset(answer for one in (condition, *_CONTROL) for answer in trial.accepted_answers(one))


@then("the exception is the one for what cannot be deciphered")
def exception_for_ciphering(trial: Trial, attacked: Attack) -> None:
    provoked = attacked.strike.provoked
    trial.judge(deciphering_error(provoked.name, provoked.description), provoked.frame)


@then("the exception names the counter that is expected")
def exception_for_counter(trial: Trial, attacked: Attack) -> None:
    provoked = attacked.strike.provoked
    answer = provoked.received.answer if provoked.received else None
    counter: int | None = getattr(answer, "invocation_counter", None)
    trial.judge(counter_error(provoked.name, provoked.description, counter, last=attacked.last), provoked.frame)


@given("a ciphered client is associated that proposes general protection", target_fixture="target")
def client_proposes_general_protection(trial: Trial) -> Target:
    declared = ciphered_client(trial)
    proposed = (*declared.conformance, "GENERAL_PROTECTION")
    return target_of(trial, declared.model_copy(update={"conformance": tuple(dict.fromkeys(proposed))}))


@then("it is silently discarded where general protection was negotiated, and the association goes on")
def discarded_where_negotiated(trial: Trial, target: Target, attacked: Attack) -> None:
    if target.general_protection:
        judge_discarded(trial, target, attacked)
    else:
        trial.remarks.append("general protection was not negotiated")
        judge_control(trial, target, attacked, "general_protection_not_negotiated")


@given("a ciphered client is associated that uses the general form", target_fixture="target")
def client_uses_general_form(trial: Trial) -> Target:
    declared = general_client(trial)
    agreed = declared.security
    update = {"security": agreed.model_copy(update={"general_ciphering": True})} if agreed is not None else {}
    return target_of(trial, declared.model_copy(update=update))


def general_client(trial: Trial) -> AssociationDeclaration:
    """Return a ciphered client that is declared to propose general protection."""
    for one in trial.declaration.associations:
        able = one.ciphered and not one.pre_established and one.fits(trial.door.id)
        if able and "GENERAL_PROTECTION" in one.conformance:
            return one
    raise Inconclusive("the declaration does not mention an association with GENERAL_PROTECTION", missing="declaration")


@when("good requests go on in the association", target_fixture="answered")
def good_requests_go_on(target: Target) -> list[float]:
    return [target.good().took_s for _ in range(_GOOD_REQUESTS)]


@then("each of them is answered")
def each_is_answered(trial: Trial, answered: list[float]) -> None:
    trial.remarks.append(f"{len(answered)} requests were answered, the slowest in {max(answered):.2f} s")


@given(parsers.parse("the device answers {kind} by exceptions, as it declares"))
def device_answers_by_exceptions(trial: Trial, kind: str) -> None:
    if not trial.declaration.answers_by_policy("C10" if kind == "replays" else "C1"):
        raise NotApplicable(f"the device stays silent to {kind}", item="ciphering_error_policy")


@when(parsers.parse("{count:d} requests in a row are sent with {fault}"), target_fixture="attacked")
def requests_in_a_row(trial: Trial, target: Target, count: int, fault: str) -> Attack:
    def strikes() -> Strike:
        for _ in range(count):
            attacked = ciphered_wrongly(trial, target, fault)
            if attacked.strike.provoked.name != "silence":
                break
        return attacked.strike

    last = target.intruder.last_counter
    return Attack(strike=strikes(), again=strikes, stimulus=RECIPES[fault].stimulus, last=last)
