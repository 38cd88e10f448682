"""Keys and passwords: never given to anybody, never taken unprotected."""

from dataclasses import dataclass

from pytest_bdd import given, then, when

from harness.declaration import CosemObject
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.rights.object_list import current_association
from harness.headend.rights.privacy_requests import like_a_secret, takes_key_in_the_clear
from harness.run.trial import Trial
from steps.security.keys import Keyed

_SECRET = 7
"""Attribute of class 15."""
_ATTRIBUTES_OF_SETUP = range(2, 11)
"""More than any version of class 64 has."""
_SHORTEST_OCTETS = 8
_FEWEST_DIFFERENT_OCTETS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an attribute gave that it must not."""

    what: str
    frame: int


@given("the management client is associated under ciphering", target_fixture="client")
def management_under_ciphering(trial: Trial) -> Client:
    declared = trial.declaration.ciphered_association(trial.door, role="management")
    if declared is None:
        raise Inconclusive("no ciphered association of role management is declared here", missing="declaration")
    return trial.head_end.associate_declared(declared)


@given("nothing has been given away", target_fixture="given_away")
def nothing_given() -> list[Given]:
    return []


@when("the client asks for the secret of its association")
def asks_for_secret(trial: Trial, client: Client, given_away: list[Given]) -> None:
    association = current_association(trial.declaration)
    octets = _asked(client, association, _SECRET)
    if octets is None:
        return
    leaks = trial.trace.recall("the answer holds a secret", lambda: like_a_secret(octets))
    if leaks or _holds_secret(trial, octets):
        given_away.append(Given(what=f"attribute {_SECRET} of {association.obis}", frame=client.conversation.frame))


@when("the client asks for every attribute of the security setup")
def asks_for_setup(trial: Trial, client: Client, given_away: list[Given]) -> None:
    setup = trial.object("security_setup")
    for attribute in _ATTRIBUTES_OF_SETUP:
        _look_into(trial, client, setup, attribute, given_away)


def _asked(client: Client, target: CosemObject, attribute: int) -> bytes | None:
    """Return the octets of an attribute, None for an error of any kind."""
    try:
        return client.get(item(target, attribute)).data
    except Refused:
        return None


def _look_into(trial: Trial, client: Client, target: CosemObject, attribute: int, given_away: list[Given]) -> None:
    octets = _asked(client, target, attribute)
    if octets is not None and _holds_secret(trial, octets):
        given_away.append(Given(what=f"attribute {attribute} of {target.obis}", frame=client.conversation.frame))


@then("no secret is delivered")
def no_secret_delivered(trial: Trial, given_away: list[Given]) -> None:
    for one in given_away:
        raise trial.fail(
            expected="an error, or a value without the secret", observed=f"{one.what} gives a secret", frame=one.frame
        )


def _holds_secret(trial: Trial, octets: bytes) -> bool:
    """Whether a declared key or password stands in an answer; recorded, since a trace has it masked."""
    secrets = [secret.reveal() for _, secret in trial.declaration.secrets()]
    known = [secret for secret in secrets if _is_telling(secret)]
    return trial.trace.recall("the answer holds a secret", lambda: any(secret in octets for secret in known))


def _is_telling(octets: bytes) -> bool:
    """Whether octets would hardly stand anywhere by chance."""
    return len(octets) >= _SHORTEST_OCTETS and len(set(octets)) >= _FEWEST_DIFFERENT_OCTETS


@when("the head end sends a broadcast_key outside the ciphering of the association", target_fixture="taken")
def sends_key_in_the_clear(trial: Trial, keyed: Keyed) -> bool:
    """Return whether the device says that it has taken the key."""
    trial.spend_failures(keyed.transfer.declared.id, failure="deciphering")
    return takes_key_in_the_clear(keyed.client, keyed.transfer, "broadcast_key")


@then("the device does not say that it has taken the key")
def key_is_not_taken(trial: Trial, keyed: Keyed, taken: bool) -> None:
    if taken:
        raise trial.fail(
            expected="a key transfer outside the ciphering to be refused, or no answer",
            observed="action-result 0, success",
            frame=keyed.client.conversation.frame,
        )
