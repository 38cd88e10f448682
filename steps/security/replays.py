"""Replays across associations, doors, lost connections and power cuts, and of requests under a dedicated key."""

from pytest_bdd import given, parsers, then, when

from harness.declaration import AssociationDeclaration, Door
from harness.errors import DeviceError, Inconclusive, NonConformity, NotApplicable, PortGone, Refused
from harness.headend.stimuli.discard import Strike, Target
from harness.headend.stimuli.wrong_opening import Opening
from harness.run.trial import Trial
from steps.security.ciphering import Attack, attack, ciphered_client, judge_discarded, target_of


@when("a request of one association is repeated in that of another client", target_fixture="struck")
def repeated_for_another_client(trial: Trial) -> tuple[Target, Attack]:
    first, second = two_ciphered_clients(trial)
    other = target_of(trial, second)
    return other, replayed_at(trial, target_of(trial, first), other)


@when("a request of one association is repeated in a second one of the same client", target_fixture="struck")
def repeated_in_second_association(trial: Trial) -> tuple[Target, Attack]:
    declared = ciphered_client(trial)
    other = target_of(trial, declared)
    try:
        target = target_of(trial, declared)
    except (NonConformity, Refused) as refused:
        reason = f"the device lets this client in once only: {refused}"
        raise NotApplicable(reason, item="doors.associations") from refused
    return other, replayed_at(trial, target, other)


@when("a request of one door is repeated at another door", target_fixture="struck")
def repeated_at_another_door(trial: Trial) -> tuple[Target, Attack]:
    declared = ciphered_client(trial)
    head_end = trial.head_end.beside(other_door(trial, declared))
    trial.at_the_end(head_end.close_all)
    try:
        other = target_of(trial, declared, head_end)
    except (NonConformity, DeviceError, PortGone) as error:
        raise Inconclusive(
            f"door {head_end.door.id} cannot be used beside this one: {error}", missing="device"
        ) from error
    return other, replayed_at(trial, target_of(trial, declared), other)


def replayed_at(trial: Trial, target: Target, other: Target) -> Attack:
    """Repeat the last good request of ``target`` in the association of ``other``, which is the older one."""
    target.good()
    sent = target.intruder.sent[-1]
    return attack(trial, other, "C10", lambda: other.repeat(sent))


@then("the repetition is silently discarded and both associations go on")
def repetition_discarded(trial: Trial, struck: tuple[Target, Attack]) -> None:
    target, attacked = struck
    judge_discarded(trial, target, attacked)


def two_ciphered_clients(trial: Trial) -> tuple[AssociationDeclaration, AssociationDeclaration]:
    """Return the client for attacks and another ciphered one."""
    first = ciphered_client(trial)
    for one in trial.declaration.associations:
        if one.ciphered and not one.pre_established and one.fits(trial.door.id) and one.id != first.id:
            return first, one
    raise Inconclusive("the declaration does not mention a second ciphered association", missing="declaration")


def other_door(trial: Trial, declared: AssociationDeclaration) -> Door:
    """Return another door that leads to the same device and lets the client in."""
    for door in trial.declaration.dlms_doors:
        alike = door.is_virtual == trial.door.is_virtual
        if door.id != trial.door.id and alike and declared.fits(door.id):
            return door
    raise NotApplicable("the device has one door for this client", item="doors")


@given("a ciphered client is associated with a dedicated key", target_fixture="target")
def associated_with_dedicated_key(trial: Trial) -> Target:
    declared = ciphered_client(trial)
    agreed = declared.security
    if agreed is None or agreed.dedicated_key:
        return target_of(trial, declared)
    keyed = declared.model_copy(update={"security": agreed.model_copy(update={"dedicated_key": True})})
    try:
        return target_of(trial, keyed)
    except (NonConformity, DeviceError) as error:
        # Nothing is declared about it, and nothing demands it.
        reason = f"the device takes no dedicated key: {error}"
        raise NotApplicable(reason, item="associations.security.dedicated_key") from error


@when(parsers.parse('an association request is repeated after "{what}"'), target_fixture="reopened")
def association_request_repeated(trial: Trial, target: Target, what: str) -> Strike:
    opening = Opening(trial.head_end, target.client.declared)
    octets = opening.right()
    if not opening.sent(octets).provoked.name.startswith("aare:0"):
        raise Inconclusive("the device does not take an association request as it is", missing="device")
    target.good()
    if what == "a release":
        target.client.close()
    else:
        target.client.drop()
    if what == "a power cut":
        power_cut(trial)
    trial.spend_failures(target.client.declared.id, failure="deciphering")
    return opening.sent(octets)


def power_cut(trial: Trial) -> None:
    """Take the supply away and give it back, and see that the device lives again."""
    trial.power.cut()
    trial.power.restore()
    if not trial.head_end.answers() and not trial.head_end.recover():
        raise Inconclusive("the device does not come back after the power cut", missing="device")


@then("no association is opened by it")
def no_association_opened(trial: Trial, reopened: Strike) -> None:
    provoked = reopened.provoked
    trial.remarks.append(f"{provoked.name} came")
    if provoked.name.startswith("aare:0"):
        raise trial.fail(
            expected="no acceptance of an association request that was accepted before",
            observed=provoked.description,
            frame=provoked.frame,
        )
