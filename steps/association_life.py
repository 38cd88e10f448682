"""Associations from their beginning to their end: every client, again and again, and several at once."""

from collections.abc import Callable
from functools import partial

from pytest_bdd import then, when

from harness.declaration import AssociationDeclaration
from harness.errors import DeviceError, Inconclusive
from harness.headend.client import Client, item
from harness.headend.stimulus import clients_at
from harness.run.trial import Trial
from harness.session import associate

_VALUE = 2
_TWO = 2


def _reads(trial: Trial, client: Client) -> None:
    """Read something that is there; an error of the application is an answer like a value."""
    client.services.get(item(trial.declaration.probe, _VALUE))


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
        _judged(trial, f"the association of client {declared.id} and a GET", partial(_lives, trial, declared))
    return [declared.id for declared in able]


def _lives(trial: Trial, declared: AssociationDeclaration) -> None:
    client = Client(trial.head_end, declared)
    try:
        client.establish_unjudged()
        _reads(trial, client)
    finally:
        client.close()


@when(
    "a client releases its association and associates again on the same connection", target_fixture="answered_clients"
)
def associates_again_on_connection(trial: Trial) -> list[str]:
    declared = clients_at(trial.head_end)[0]

    def attempt() -> None:
        size = declared.max_receive_pdu_size
        conversation, association = trial.head_end.open_association(declared, max_receive_pdu_size=size)
        association.release()
        request = trial.head_end.association_request(declared)
        again = associate(conversation, request, largest_answer_octets=trial.door.largest_answer_octets)
        again.services.get(item(trial.declaration.probe, _VALUE))
        again.release()
        conversation.close()

    _judged(trial, "an association after the release of another on the same connection", attempt)
    return [declared.id]


@when("a client loses its connection and associates again", target_fixture="answered_clients")
def associates_after_loss(trial: Trial) -> list[str]:
    declared = clients_at(trial.head_end)[0]
    client = trial.head_end.associate_declared(declared)
    client.drop()
    trial.head_end.associate_again(client)
    _judged(trial, "a GET after a lost connection", lambda: _reads(trial, client))
    return [declared.id]


@when("two clients associate at once, read by turns, and one of them releases", target_fixture="answered_clients")
def two_at_once(trial: Trial) -> list[str]:
    able = clients_at(trial.head_end)
    if len(able) < _TWO:
        raise Inconclusive("a second association that is opened by AARQ is not declared", missing="declaration")
    pair = able[:_TWO]

    def attempt() -> None:
        first, second = (Client(trial.head_end, declared) for declared in pair)
        try:
            for client in (first, second):
                client.establish_unjudged()
            for client in (first, second, first, second):
                _reads(trial, client)
            first.close()
            _reads(trial, second)
        finally:
            first.close()
            second.close()

    _judged(trial, "two associations at once", attempt)
    return [declared.id for declared in pair]


@then("each of them was answered")
def each_was_answered(trial: Trial, answered_clients: list[str]) -> None:
    if not answered_clients:
        raise trial.fail(expected="an answer to each client", observed="no client was let in")
