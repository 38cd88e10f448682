"""Malformed frames by the dozen, and a device that lives on."""

from pytest_bdd import given, parsers, then, when

from harness.checks.timing import answered_in_time
from harness.declaration import CosemObject
from harness.errors import Inconclusive, Refused
from harness.headend.stimuli.hammer import AssociationHammer, Hammer, LinkHammer, RequestHammer, open_client
from harness.run.barrage import Barrage
from harness.run.trial import Trial
from harness.wire.recipe import Recipe
from harness.wire.recipes import classics


def probe_of(trial: Trial) -> CosemObject:
    """Return the object that good exchanges read."""
    probe = trial.declaration.object(trial.declaration.objects.probe)
    if not isinstance(probe, CosemObject):
        raise Inconclusive("the declaration mentions no object for good exchanges", missing="declaration")
    return probe


@given("a client that sends malformed requests in its association", target_fixture="hammer")
def hammers_requests(trial: Trial) -> Hammer:
    return RequestHammer(trial.head_end, open_client(trial.head_end, without_secret=False), probe_of(trial))


@given("a client that sends malformed association requests", target_fixture="hammer")
def hammers_associations(trial: Trial) -> Hammer:
    return AssociationHammer(trial.head_end, open_client(trial.head_end, without_secret=True))


@given("a client that sends malformed frames to ask for a link", target_fixture="hammer")
def hammers_links(trial: Trial) -> Hammer:
    return LinkHammer(trial.head_end, open_client(trial.head_end, without_secret=True))


@when(parsers.parse("it sends {part}, with good exchanges in between"), target_fixture="barrage")
def sends_malformed(trial: Trial, hammer: Hammer, part: str) -> Barrage:
    trial.at_the_end(hammer.rest)
    barrage = Barrage(trial, hammer, part)
    barrage.run()
    return barrage


@then("the device has lived on and none of them is answered as if it were good")
def lived_on(barrage: Barrage) -> None:
    wrong = barrage.wrong_answer()
    if wrong is not None:
        raise wrong


def good_request_behind(trial: Trial, hammer: RequestHammer, recipe: Recipe) -> float:
    """Return how long the answer to a good request took, in seconds, right behind a malformed one."""

    def attempt() -> float:
        hammer.strike(recipe)
        try:
            return hammer.good_request().took_s
        except Refused as refused:
            raise trial.fail(
                expected=f"the association to survive a malformed request ({recipe.describe()})",
                observed=f"to the good request behind it: {refused}",
            ) from refused

    def again() -> float:
        hammer.rest()
        return attempt()

    stimulus = f"a good request behind a malformed one ({recipe.describe()})"
    took_s = trial.head_end.judge.judged(stimulus, attempt, again, lambda: trial.head_end.last_record)
    return took_s if took_s <= trial.response_time_s else min(took_s, again())


@when(
    parsers.parse("a good request follows each of the first {count:d} {part} in the same association"),
    target_fixture="longest_s",
)
def good_requests_follow(trial: Trial, count: int, part: str) -> float:
    declared = open_client(trial.head_end, without_secret=False)
    hammer = RequestHammer(trial.head_end, declared, probe_of(trial), keeps=True)
    trial.at_the_end(hammer.rest)
    return max(good_request_behind(trial, hammer, recipe) for recipe in classics(part)[:count])


@then("each good request is answered within the declared response time")
def answered_at_once(trial: Trial, longest_s: float) -> None:
    trial.judge(
        answered_in_time(
            "the good request",
            longest_s,
            limit_s=trial.response_time_s,
            uncertainty_s=trial.line_uncertainty_s,
        )
    )
