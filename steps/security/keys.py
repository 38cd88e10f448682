"""Key transfers: new keys that hold, old ones that hold no more, and keys that must not be taken."""

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.errors import Inconclusive, Refused
from harness.headend.client import Client
from harness.headend.restoring.key_transfer import KeyTransfer
from harness.headend.restoring.key_trouble import transfer_request, wrongly_wrapped
from harness.headend.stimuli.discard import Target
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.headend.stimuli.wrong_ciphering import Intruder
from harness.run.trial import Trial
from steps.security.ciphering import Attack, attack, target_of


@dataclass(kw_only=True)
class Keyed:
    """The management client and its means of giving the device other keys."""

    transfer: KeyTransfer
    client: Client


@given("the management client has a ciphered association", target_fixture="keyed")
def management_is_ciphered(trial: Trial) -> Keyed:
    declared = trial.declaration.ciphered_association(trial.door, role="management")
    if declared is None:
        raise Inconclusive("no ciphered association of role management is declared here", missing="declaration")
    transfer = KeyTransfer(trial.head_end, trial.trace, declared, trial.object("security_setup"))
    return Keyed(transfer=transfer, client=trial.head_end.associate_declared(declared))


@when(parsers.parse("the head end gives the device a new {names}"))
def gives_new_keys(trial: Trial, keyed: Keyed, names: str) -> None:
    new = keyed.transfer.new_keys(names.split(" and "))
    try:
        trial.changes.give_keys(keyed.transfer, keyed.client, new)
    except Refused as refused:
        raise trial.fail(expected=f"the new {names} to be taken", observed=str(refused)) from refused


@when("the power is cut and restored")
def power_is_cut(trial: Trial) -> None:
    trial.head_end.close_all()
    trial.power.cut()
    trial.power.restore()


@when("the management client associates with the new keys", target_fixture="target")
@then("the management client associates with the new keys and is served", target_fixture="target")
def associates_with_new_keys(trial: Trial, keyed: Keyed) -> Target:
    if not keyed.transfer.works_now():
        old = keyed.transfer.works(keyed.transfer.declared_keys())
        raise trial.fail(
            expected="the device to take an association under the keys that it has been given",
            observed=f"it does not{'; under the keys of before it does' if old else ''}",
        )
    return target_of(trial, keyed.transfer.declared)


@given("the requests of an association under the keys of before are kept", target_fixture="before")
def requests_of_before(trial: Trial, keyed: Keyed) -> Intruder:
    keyed.client.close()
    before = target_of(trial, keyed.transfer.declared)
    keyed.client = before.client
    return before.intruder


@when("a request under the keys of before is sent over this association", target_fixture="attacked")
def request_under_old_keys(trial: Trial, target: Target, before: Intruder) -> Attack:
    return attack(trial, target, "C3", lambda: target.strike(before.rightly))


@when("a request that was served before is sent once more over this association", target_fixture="attacked")
def kept_request_again(trial: Trial, target: Target, before: Intruder) -> Attack:
    kept = before.sent[-1]
    return attack(trial, target, "C3", lambda: target.repeat(kept))


@when(parsers.parse("the head end sends a broadcast_key {how}"), target_fixture="provoked")
def sends_wrong_key(trial: Trial, keyed: Keyed, how: str) -> Provoked:
    parameter = wrongly_wrapped(keyed.transfer, how)
    provoked = provoke(keyed.client.conversation, transfer_request(keyed.transfer, parameter))
    if provoked.name == "data":
        # Whatever key the device has now, it gets the declared one.
        keyed.transfer.give_again(keyed.client, ("broadcast_key",))
    return provoked


@then("the management client is served with the keys as they were")
def served_as_before(trial: Trial, keyed: Keyed) -> None:
    keyed.client.close()
    if not keyed.transfer.works_now():
        raise trial.fail(
            expected="the keys of before to hold after a key transfer that was refused",
            observed="the device takes no association under them",
        )
