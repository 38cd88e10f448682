"""The legally relevant part: attempts upon it, and what it must go on doing meanwhile."""

from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from harness.checks.access import Tally
from harness.errors import Inconclusive, NotApplicable
from harness.evidence.trace import read_trace
from harness.headend.client import Client, item
from harness.headend.registers import clock_data, read_clock
from harness.headend.rights.access_sweep import Rights
from harness.headend.rights.image_attack import (
    ImageOutcome,
    activate_image,
    is_enabled,
    read_status,
    transfer_wrong_image,
)
from harness.headend.rights.legal_attacks import attack_by_methods, attack_by_writes, harmful, harmless
from harness.headend.rights.legal_part import LegalPart, legal_part
from harness.headend.rights.write_paths import WritePath
from harness.run.trial import Trial
from steps.metering.energy import Difference, read_energy
from steps.rights.access import associated, clients_here, conclude
from steps.security.attacks import (
    Watch,
    attacked_by_writes,
    broadcast_attack,
    pre_established_attack,
    proposing_all,
    watch_over,
)

_FLOOD_S = 60
_READS_A_ROUND = 10
_ROUND_S = 3
"""Where time is moved by hand."""
_HOUR_S = 3600
_LONGEST_VERIFICATION_S = 60
_SIGNATURE = "firmware signature"


def legal_of(trial: Trial, rights: Rights) -> LegalPart:
    """Return what is legally relevant; without any register there is nothing to protect."""
    legal = legal_part(trial.declaration, rights)
    if not legal.attributes:
        raise Inconclusive("neither the declaration nor the device names an energy register", missing="declaration")
    return legal


@when(
    parsers.parse('every client tries by "{path}" to write what would do no harm to the legally relevant part'),
    target_fixture="tallies",
)
def attacks_harmlessly(trial: Trial, rights: Rights, path: str) -> list[Tally]:
    attributes = legal_of(trial, rights).attributes
    return attacked_by_writes(trial, rights, path, attributes, chosen=harmless, accepted=trial.accepted_answers)


@when(
    parsers.parse('every client tries by "{path}" to write other values to the legally relevant part'),
    target_fixture="tallies",
)
def attacks_harmfully(trial: Trial, rights: Rights, path: str) -> list[Tally]:
    attributes = legal_of(trial, rights).attributes
    return attacked_by_writes(trial, rights, path, attributes, chosen=harmful, accepted=trial.accepted_answers)


@when("every client tries to invoke the methods of the legally relevant part", target_fixture="tallies")
def attacks_by_methods(trial: Trial, rights: Rights) -> list[Tally]:
    legal = legal_of(trial, rights)
    watch = watch_over(trial, legal.attributes)
    tallies = []
    for declared in clients_here(trial):
        with proposing_all(trial, declared) as client:
            tallies.append(attack_by_methods(client, legal.methods, rights, trial.accepted_answers))
    watch.compare(tallies[-1])
    return tallies


@when("the pre-established client writes other values to the legally relevant part", target_fixture="tallies")
def pre_established_attacks(trial: Trial, rights: Rights) -> list[Tally]:
    return [pre_established_attack(trial, legal_of(trial, rights).attributes)]


@when("other values for the legally relevant part are broadcast", target_fixture="tallies")
def broadcast_attacks(trial: Trial, rights: Rights) -> list[Tally]:
    return [broadcast_attack(trial, legal_of(trial, rights).attributes)]


# An image of nobody's


@when("the management client transfers an image with a wrong signature", target_fixture="image")
def transfers_wrong_image(trial: Trial, client: Client) -> ImageOutcome:
    transfer = trial.object("image_transfer")
    if not is_enabled(client, transfer):
        raise NotApplicable("image transfer is not enabled", item="objects.image_transfer")
    outcome = transfer_wrong_image(client, transfer)
    waited_s = 0
    while outcome.verifying and waited_s < _LONGEST_VERIFICATION_S:
        trial.wait(5, client)
        waited_s += 5
        outcome = ImageOutcome(refused_at=outcome.refused_at, status=read_status(client, transfer))
    trial.remarks.append(f"refused: {outcome.refused_at or 'nothing'}, image transfer status {outcome.status}")
    return outcome


@then("the image is not verified")
def image_not_verified(trial: Trial, image: ImageOutcome) -> None:
    if image.verifying:
        raise Inconclusive(f"the verification took longer than {_LONGEST_VERIFICATION_S} s", missing="device")
    if image.verified:
        raise trial.fail(
            expected="verification to fail for an image that nobody signed",
            observed=f"nothing refused, image transfer status {image.status}",
        )


@then("it cannot be activated")
def image_not_activated(trial: Trial, client: Client, image: ImageOutcome) -> None:
    if not image.transferred:
        # What an activation would put in force now is an image of the owner's.
        trial.remarks.append("activation not asked for, as the image was not taken")
        return
    answer = activate_image(client, trial.object("image_transfer"))
    if answer is None:
        raise trial.fail(expected="the activation of an image that nobody signed to be refused", observed="carried out")


@given("the state of the legally relevant part has been read", target_fixture="watch")
def state_has_been_read(trial: Trial, rights: Rights) -> Watch:
    return watch_over(trial, legal_of(trial, rights).attributes)


@then("the legally relevant part is as before")
def legal_part_as_before(trial: Trial, watch: Watch) -> None:
    tally = Tally(what="comparison")
    tally.tried = 1
    watch.compare(tally)
    conclude(trial, [tally])


# The clock


@when("the management client sets the clock an hour on and an hour back", target_fixture="tallies")
def sets_clock_on_and_back(trial: Trial, client: Client, watch: Watch) -> list[Tally]:
    clock = trial.object("clock")
    trial.changes.clock(client.declared.id, clock)
    tally = Tally(what="settings of the clock")
    for hours in (1, -2, 1):
        client.set(item(clock, 2), clock_data(read_clock(client, clock).later(hours * _HOUR_S)))
        tally.take(None, client.conversation.frame)
        watch.compare(tally)
    return [tally]


# Constancy and counting


@when("the firmware signature is read before and after refused writes and many associations", target_fixture="tallies")
def reads_signature(trial: Trial, rights: Rights) -> list[Tally]:
    signature = trial.object("firmware_signature")
    legal = legal_of(trial, rights)
    only = [one for one in legal.attributes if one.key[:2] == (signature.class_id, signature.obis)]
    tally = Tally(what="readings of the signature")
    watch = watch_over(trial, only)
    for declared in clients_here(trial):
        with associated(trial, declared) as client:
            attack_by_writes(
                client,
                WritePath.SET,
                only,
                watch.state,
                rights,
                chosen=harmless,
                accepted=trial.accepted_answers,
            )
        tally.take(None, trial.trace.last)
        watch.compare(tally)
    _compare_with_earlier(trial, watch, tally)
    return [tally]


def _compare_with_earlier(trial: Trial, watch: Watch, tally: Tally) -> None:
    """Hold it against what earlier scenarios of this run have read."""
    now = {" ".join(map(str, key)): octets.hex() for key, octets in sorted(watch.state.items())}
    earlier = [
        record["value"]
        for record in read_trace(trial.trace.path)
        if record["kind"] == "value" and record.get("event") == _SIGNATURE
    ]
    trial.trace.recall(_SIGNATURE, lambda: now)
    tally.tried += len(earlier)
    for value in earlier:
        if value != now:
            raise trial.fail(expected=f"the firmware signature as read earlier in this run: {value}", observed=f"{now}")


@when(
    parsers.parse('"{role}" is read before and after a minute of the device being asked without a pause'),
    target_fixture="difference",
)
def read_around_flood(trial: Trial, client: Client, role: str) -> Difference:
    register = trial.object(role)
    before = read_energy(trial, client, register)
    began = trial.time.now()
    while (trial.time.now() - began).total_seconds() < _FLOOD_S:
        for _ in range(_READS_A_ROUND):
            client.get(item(register, 2))
        if trial.time_moves_by_hand:
            trial.let_pass(_ROUND_S, client)
    after = read_energy(trial, client, register)
    passed = Decimal(str((trial.time.now() - began).total_seconds()))
    return Difference(before=before, after=after, seconds=passed)
