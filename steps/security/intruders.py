"""Clients without proof, and clients beside others of more rights: neither gets what is not theirs."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pytest_bdd import parsers, then, when

from harness.checks.access import Tally
from harness.errors import Inconclusive, NotApplicable
from harness.headend.rights.access_sweep import Attempts, Rights, aims, right_to_read, sweep_reads
from harness.headend.rights.object_list import Right
from harness.headend.stimuli.intruder import (
    read_before_proof,
    read_unassociated,
    read_with_password_like,
    read_with_wrong_password,
)
from harness.headend.stimuli.provoke import Provoked
from harness.headend.stimuli.wrong_authentication import clients_with_challenge, clients_with_password, wrong_answer
from harness.run.trial import Trial
from steps.rights.access import associated, clients_named

_MOST_READS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Intrusion:
    """What a client got that had not proved who it was."""

    client: str
    got: Provoked


@when("clients with a wrong password ask for an energy register", target_fixture="intrusions")
def intrude_with_wrong_password(trial: Trial) -> list[Intrusion]:
    wanted = trial.object("energy_import_total")
    found = []
    for declared in clients_with_password(trial.head_end)[:1]:
        trial.spend_failures(declared.id)
        got = read_with_wrong_password(trial.head_end, declared, wanted)
        found.append(Intrusion(client=declared.id, got=got))
    return _some(found, "a password")


@when(parsers.parse("a client whose password {differs} asks for an energy register"), target_fixture="intrusions")
def intrude_with_password_like(trial: Trial, differs: str) -> list[Intrusion]:
    wanted = trial.object("energy_import_total")
    found = []
    for declared in clients_with_password(trial.head_end)[-1:]:
        trial.spend_failures(declared.id)
        got = read_with_password_like(trial.head_end, declared, wanted, differs)
        found.append(Intrusion(client=declared.id, got=got))
    return _some(found, "a password")


@when("clients that have not answered the challenge ask for an energy register", target_fixture="intrusions")
def intrude_before_proof(trial: Trial) -> list[Intrusion]:
    wanted = trial.object("energy_import_total")
    found = [
        Intrusion(client=one.id, got=read_before_proof(trial.head_end, one, wanted))
        for one in clients_with_challenge(trial.head_end)
    ]
    return _some(found, "high level security")


@when("clients that are associated ask for an energy register over a second connection", target_fixture="intrusions")
def intrude_beside_oneself(trial: Trial) -> list[Intrusion]:
    head_end = trial.head_end
    if urlsplit(head_end.door.url).scheme == "udp":
        raise NotApplicable("datagrams come over no connection that could be told apart", item="doors.url")
    wanted = trial.object("energy_import_total")
    found = []
    for declared in (*clients_with_password(head_end), *clients_with_challenge(head_end)):
        with associated(trial, declared) as beside:
            beside.keep_alive()
            found.append(Intrusion(client=declared.id, got=read_unassociated(head_end, declared, wanted)))
            beside.keep_alive()
    return _some(found, "authentication")


@when("clients with a wrong answer to the challenge ask for an energy register", target_fixture="intrusions")
def intrude_with_wrong_answer(trial: Trial) -> list[Intrusion]:
    wanted = trial.object("energy_import_total")
    found = []
    for declared in clients_with_challenge(trial.head_end)[:1]:
        trial.spend_failures(declared.id)
        refused, asked = wrong_answer(trial.head_end, declared, wanted)
        found.append(Intrusion(client=declared.id, got=asked or refused))
    return _some(found, "high level security")


def _some(found: list[Intrusion], what: str) -> list[Intrusion]:
    if not found:
        raise NotApplicable(f"no client of this door associates with {what}", item="associations.mechanism")
    return found


@then("none of them gets data")
def none_gets_data(trial: Trial, intrusions: list[Intrusion]) -> None:
    for one in intrusions:
        trial.remarks.append(f"client {one.client} got {one.got.name}")
        answered = one.got.received is not None and one.got.name == "data"
        if answered:
            raise trial.fail(
                expected=f"no data for client {one.client}, which has proved nothing",
                observed=one.got.description,
                frame=one.got.frame,
            )


@when(
    "the public client reads beside the management client what only that one may read",
    target_fixture="tallies",
)
def reads_beside(trial: Trial, rights: Rights) -> list[Tally]:
    lower, upper = clients_named(trial, "public")[0], clients_named(trial, "management")[0]
    if lower.id not in rights.lists or upper.id not in rights.lists:
        raise Inconclusive("one of them may not read its object list", missing="device")
    theirs = {aim.key for aim in aims(rights, upper.id, rights.attributes) if right_to_read(aim) is Right.GRANTED}
    wanted = [
        aim
        for aim in aims(rights, lower.id, rights.attributes)
        if aim.key in theirs and right_to_read(aim) is Right.DENIED
    ][:_MOST_READS]
    with associated(trial, upper) as beside, associated(trial, lower) as client:
        beside.keep_alive()
        tally, _ = sweep_reads(client, wanted, Attempts(accepted=trial.accepted_answers))
        beside.keep_alive()
    return [tally]
