"""What the meter notes of changes and of readouts at its local port."""

from pytest_bdd import given, when

from harness.declaration import AuditedParameter
from harness.errors import Inconclusive, NotApplicable
from harness.headend.audit import billing_parameters
from harness.headend.client import Client, item
from harness.run.trial import Trial
from steps.audit.changes import Change, Changes, state_of
from steps.audit.collecting import Collected, collects
from steps.audit.refusing import Tried
from steps.optical.commands import parameter_of
from steps.optical.reading import check_neighbour, port_of


def object_of(trial: Trial) -> AuditedParameter:
    """Return the attribute by which DLMS shows the parameter of the port."""
    found = parameter_of(trial).object
    if found is None:
        raise Inconclusive("the declaration has no doors.iec62056_21.parameter.object", missing="declaration")
    return found


@given("the parameter of the local port affects bills")
def affects_bills(trial: Trial, client: Client) -> None:
    wanted = object_of(trial)
    place = (wanted.class_id, wanted.obis, wanted.attribute)
    if place not in {(one.class_id, one.obis, one.attribute) for one in billing_parameters(client, trial.declaration)}:
        raise NotApplicable("the parameter of the local port affects no bill", item="audit.billing_parameters")


@when("the parameter of the local port is written as nobody may", target_fixture="audit_tried")
def written_as_nobody_may(trial: Trial, client: Client) -> list[Tried]:
    """Write without the password, and a value that is not allowed with it; how that is answered others judge."""
    check_neighbour(trial)
    port, declared, parameter = port_of(trial), parameter_of(trial), object_of(trial)
    target = item(parameter.target, parameter.attribute)
    there = trial.changes.keep(client, parameter.target, parameter.attribute)
    before = state_of(trial, client, parameter.event)
    with trial.basis():
        for value in declared.values:
            port.enter()
            port.write(declared.address, value)
            port.sign_off()
        if declared.wrong is not None:
            port.unlock()
            port.write(declared.address, declared.wrong)
            port.sign_off()
    tried = Tried(
        about=f"{declared.address} written as nobody may",
        answer=None,
        conditions=(),
        value=(there, client.read(target)),
        before=before,
        after=state_of(trial, client, parameter.event),
        frame=client.conversation.frame,
    )
    return [tried]


@when("the parameter of the local port is changed there", target_fixture="audit_changes")
def changed_at_the_port(trial: Trial, client: Client) -> Changes:
    """Write another value with the password; the object behind it is written back by DLMS at the end."""
    check_neighbour(trial)
    port, declared, parameter = port_of(trial), parameter_of(trial), object_of(trial)
    target = item(parameter.target, parameter.attribute)
    there = trial.changes.keep(client, parameter.target, parameter.attribute)
    before = state_of(trial, client, parameter.event)
    with trial.basis():
        port.unlock()
        shown = port.read(declared.address).value
        told = port.write(declared.address, next(value for value in declared.values if value != shown))
        port.sign_off()
    found = client.read(target)
    if told.name != "ack" or found == there:
        raise Inconclusive(f"{declared.address} stays as it is, written to with {told.name}", missing="device")
    after = state_of(trial, client, parameter.event)
    return Changes(
        made=[Change(parameter=parameter, value=found, before=before, after=after, frame=client.conversation.frame)]
    )


@when("the device is read out by a hand-held unit", target_fixture="collected")
def collected_at_the_port(trial: Trial, client: Client) -> Collected:
    check_neighbour(trial)
    if trial.declaration.collection.unit == "answer":
        raise NotApplicable("nobody knows how many values a readout counts as", item="collection.unit")
    return collects(trial, client, port_of(trial).judged_readout, "a readout at the local port")
