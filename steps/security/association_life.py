"""Every declared client, again and again, and several at once: each must be let in and answered."""

from collections.abc import Callable
from functools import partial

from pytest_bdd import then, when

from harness.errors import DeviceError, Inconclusive
from harness.headend.stimuli import association_life
from harness.headend.stimuli.stimulus import clients_at
from harness.run.trial import Trial

_TWO = 2


def _judged(trial: Trial, what: str, attempt: Callable[[], None]) -> None:
    """Do it, once more where an answer is missing, and blame the device where it is missing again."""
    head_end = trial.head_end

    def once() -> None:
        try:
            attempt()
        except DeviceError:
            head_end.close_all()
            raise

    head_end.judge.judged(what, once, once, lambda: head_end.last_record)


@when("every declared client associates and reads", target_fixture="answered_clients")
def every_client_associates(trial: Trial) -> list[str]:
    able = clients_at(trial.head_end, ("public", "reading", "management", "other"))
    for declared in able:
        attempt = partial(association_life.associate_read_release, trial.head_end, declared)
        _judged(trial, f"the association of client {declared.id} and a GET", attempt)
    return [declared.id for declared in able]


@when(
    "a client releases its association and associates again on the same connection",
    target_fixture="answered_clients",
)
def associates_again_on_connection(trial: Trial) -> list[str]:
    declared = clients_at(trial.head_end)[0]
    attempt = partial(association_life.associate_twice_on_one_connection, trial.head_end, declared)
    _judged(trial, "an association after the release of another on the same connection", attempt)
    return [declared.id]


@when("a client loses its connection and associates again", target_fixture="answered_clients")
def associates_after_loss(trial: Trial) -> list[str]:
    declared = clients_at(trial.head_end)[0]
    client = trial.head_end.associate_declared(declared)
    client.drop()
    trial.head_end.associate_again(client)
    association_life.read_probe(trial.head_end, client)
    return [declared.id]


@when("two clients associate at once, read by turns, and one of them releases", target_fixture="answered_clients")
def two_at_once(trial: Trial) -> list[str]:
    able = clients_at(trial.head_end)
    if len(able) < _TWO:
        raise Inconclusive("a second association that is opened by AARQ is not declared", missing="declaration")
    attempt = partial(association_life.two_at_once, trial.head_end, *able[:_TWO])
    _judged(trial, "two associations at once", attempt)
    return [declared.id for declared in able[:_TWO]]


@then("each of them was answered")
def each_was_answered(trial: Trial, answered_clients: list[str]) -> None:
    if not answered_clients:
        raise trial.fail(expected="an answer to each client", observed="no client was let in")
