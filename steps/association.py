"""Associating, losing the connection and associating again."""

from pytest_bdd import given, parsers, then, when

from harness.declaration import AssociationRole
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client
from harness.headend.requests import get_request
from harness.headend.stimuli.association_life import ask_on_new_link
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.run.trial import Trial


@given(parsers.parse("the {client_id} client is associated"), target_fixture="client")
def client_is_associated(trial: Trial, client_id: AssociationRole) -> Client:
    return trial.head_end.associate(client_id)


@given(parsers.parse("the {client_id} client is associated with room for {octets:d} octets"), target_fixture="client")
def client_is_associated_with_room(trial: Trial, client_id: AssociationRole, octets: int) -> Client:
    return trial.head_end.associate(client_id, max_receive_pdu_size=octets)


@when(parsers.parse("the head end associates as the {client_id} client"), target_fixture="client")
def head_end_associates(trial: Trial, client_id: AssociationRole) -> Client:
    try:
        return trial.head_end.associate(client_id)
    except Refused as refused:
        raise trial.fail(expected=f"the {client_id} client to be accepted", observed=str(refused)) from refused


@then("the association is accepted")
def association_is_accepted(trial: Trial, client: Client) -> None:
    negotiated = client.association.negotiated
    if not client.association.may_get:
        raise trial.fail(
            expected="the GET service among the negotiated ones, for a meter data request",
            observed=negotiated.describe(),
            frame=client.association.accepted.frame,
        )


@when("the connection is lost and the reading client associates again", target_fixture="client")
def connection_is_lost(trial: Trial, client: Client) -> Client:
    client.drop()
    return trial.head_end.associate_again(client)


@when(
    parsers.parse("the connection is lost and the reading client associates again after {seconds:d} seconds"),
    target_fixture="client",
)
def connection_is_lost_for(trial: Trial, client: Client, seconds: int) -> Client:
    client.drop()
    trial.wait(seconds)
    return trial.head_end.associate_again(client)


@then("the reading client can associate again")
def client_can_associate_again(trial: Trial, client: Client) -> None:
    trial.head_end.associate_again(client).close()


@when(
    parsers.parse('the head end asks for "{role}" as the {client_id} client without an association'),
    target_fixture="provoked",
)
def asks_without_association(trial: Trial, role: str, client_id: AssociationRole) -> Provoked:
    declared = trial.head_end.association(client_id)
    if declared.pre_established:
        raise Inconclusive(f"the {client_id} client is pre-established: it is always associated", missing="declaration")
    conversation = trial.head_end.connect(declared)
    return provoke(conversation, get_request(trial.object(role)))


@when(
    parsers.parse('the head end asks for "{role}" as the {client_id} client on a link set up anew {how}'),
    target_fixture="provoked",
)
def asks_on_new_link(trial: Trial, role: str, client_id: AssociationRole, how: str) -> Provoked:
    declared, wanted = trial.head_end.association(client_id), trial.object(role)
    if declared.pre_established:
        raise Inconclusive(f"the {client_id} client is pre-established: it is always associated", missing="declaration")

    def attempt() -> Provoked:
        return ask_on_new_link(trial.head_end, declared, wanted, behind_disc=how == "behind DISC")

    return trial.head_end.judge.judged(f"a new link {how}", attempt, attempt, lambda: trial.head_end.last_record)


@when(parsers.parse('the head end sends a request for "{role}" that is cut short'), target_fixture="provoked")
def sends_request_cut_short(trial: Trial, client: Client, role: str) -> Provoked:
    whole = get_request(trial.object(role))
    return provoke(client.conversation, whole[: len(whole) // 2])


@then("no metering data is delivered")
def no_metering_data(trial: Trial, provoked: Provoked) -> None:
    if provoked.name == "data":
        raise trial.fail(expected="no data", observed=provoked.description, frame=provoked.frame)
    if provoked.name == "malformed":
        # Nobody can tell what else is in an answer that does not decode, and no reading of the protocol allows it.
        raise trial.fail(
            expected="an error that decodes, or no answer", observed=provoked.description, frame=provoked.frame
        )
