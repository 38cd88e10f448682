"""Ways around: scripts, schedules, limits and masks by which the legally relevant part might be changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pytest_bdd import parsers, then, when

from harness.checks.access import Tally, attempt_refused, same_state
from harness.declaration import AssociationDeclaration, AuditedParameter, CosemObject
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.audit import announced_to
from harness.headend.client import Client, item
from harness.headend.data import Data, encoded, long_unsigned, octet_string
from harness.headend.limiter import ACTIONS, action_pair, execution_time, script_data
from harness.headend.requests import attribute_of
from harness.headend.rights.access_sweep import Rights
from harness.headend.rights.object_list import Right
from harness.headend.rights.script_attack import SCRIPTS, Harm, harms, objects_of_class, plant
from harness.headend.rights.write_paths import UNANSWERED, WritePath, attempt_write, fits, is_open
from harness.headend.tariff.rates import mask_selectors, rates_by_selector
from harness.run.trial import Trial
from steps.audit.refusing import first_parameters
from steps.metering.energy import Snapshots, snapshots_of
from steps.rights.access import clients_here, conclude
from steps.security.attacks import Watch, proposing_all
from steps.supply.limiting import Limiting, late_s, threshold_at

_SCRIPT_TABLE, _SCHEDULE = 9, 22
_EXECUTE = 1
_SCRIPT_OF_SCHEDULE, _TIMES = 2, 4
_ACTIVE_MASK = 4
_NO_MASK = b"NO MASK"
_SOON_S = 120
_MARGIN_S = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A script that ought not to be there, or its place where it was refused."""

    table: CosemObject
    selector: int
    harm: Harm
    refused: str | None


def scripts_planted(trial: Trial, client: Client, rights: Rights, watch: Watch) -> Iterator[Planted]:
    """Write each forbidden script into each table; what was taken is there while the caller tries it."""
    forbidden = harms(watch.attributes, watch.state)
    if not forbidden:
        raise Inconclusive("no energy register can be read", missing="device")
    for table in objects_of_class(trial.declaration, rights, _SCRIPT_TABLE):
        try:
            old = trial.changes.keep(client, table, SCRIPTS)
        except Refused as refused:
            trial.remarks.append(f"{table.obis} cannot be read: {refused}")
            continue
        for harm in forbidden:
            selector, answer = plant(client, table, old, harm)
            yield Planted(table=table, selector=selector, harm=harm, refused=answer)
            if answer is None:
                client.set(item(table, SCRIPTS), old)


def _concluded(trial: Trial, tally: Tally, accepted: int) -> None:
    trial.remarks.append(f"{accepted} of them taken without a change of what is legally relevant")
    conclude(trial, [tally])


@then("no script has changed the legally relevant part")
def scripts_changed_nothing(trial: Trial, client: Client, rights: Rights, watch: Watch) -> None:
    """Refused when it is written or when it is executed: what counts is that nothing has changed."""
    tally, taken = Tally(what="scripts"), 0
    for planted in scripts_planted(trial, client, rights, watch):
        if planted.refused is None:
            taken += 1
            try:
                client.action(planted.table, _EXECUTE, long_unsigned(planted.selector))
            except Refused as refused:
                trial.trace.note("refused", f"{planted.harm.about} by a script: {refused.answer}")
        tally.take(None, client.conversation.frame)
        watch.compare(tally)
    _concluded(trial, tally, taken)


@then("no schedule has changed the legally relevant part by a script")
def schedules_changed_nothing(trial: Trial, client: Client, rights: Rights, watch: Watch) -> None:
    tally, taken = Tally(what="scripts by schedules"), 0
    watch.energy_flows = True
    kept: dict[str, CosemObject] = {}
    for planted in scripts_planted(trial, client, rights, watch):
        for schedule in objects_of_class(trial.declaration, rights, _SCHEDULE):
            if schedule.obis not in kept:
                for number in (_SCRIPT_OF_SCHEDULE, _TIMES):
                    trial.changes.keep(client, schedule, number)
                kept[schedule.obis] = schedule
            tally.take(None, client.conversation.frame)
            if _told(trial, client, schedule, planted):
                taken += 1
                watch.compare(tally)
                if not trial.time_moves_by_hand:
                    # Each takes minutes where time is real.
                    break
    watch.compare(tally)
    _concluded(trial, tally, taken)


def _told(trial: Trial, client: Client, schedule: CosemObject, planted: Planted) -> bool:
    """Have a schedule execute it in two minutes and wait for that; tells whether the schedule took it."""
    with trial.basis():
        clock = client.read(item(trial.object("clock"), 2))
        old = client.read(item(schedule, _SCRIPT_OF_SCHEDULE))
    at = trial.metering_now(client) + timedelta(seconds=_SOON_S)
    try:
        client.set(item(schedule, _SCRIPT_OF_SCHEDULE), script_data(planted.table, planted.selector))
        client.set(item(schedule, _TIMES), execution_time(clock, at))
    except Refused as refused:
        trial.trace.note("refused", f"{planted.harm.about} by a schedule: {refused.answer}")
        return False
    trial.reach(at.replace(second=0, microsecond=0) + timedelta(seconds=_MARGIN_S), client)
    client.set(item(schedule, _SCRIPT_OF_SCHEDULE), old)
    return True


@then("no limiter has changed the legally relevant part by a script")
def limiter_changed_nothing(trial: Trial, client: Client, rights: Rights, watch: Watch, limiting: Limiting) -> None:
    tally, taken = Tally(what="scripts by the limiter"), 0
    watch.energy_flows = True
    old = trial.changes.keep(client, limiting.limiter, ACTIONS)
    _, under = action_pair(old)
    for planted in scripts_planted(trial, client, rights, watch):
        tally.take(None, client.conversation.frame)
        pair = Data(old.type, (script_data(planted.table, planted.selector), under))
        try:
            client.set(item(limiting.limiter, ACTIONS), pair)
        except Refused as refused:
            trial.trace.note("refused", f"{planted.harm.about} by the limiter: {refused.answer}")
            continue
        taken += 1
        threshold_at(trial, client, limiting, "half")
        trial.let_pass(limiting.limits.over_s + late_s(trial) + 1, client)
        watch.compare(tally)
        threshold_at(trial, client, limiting, "twice")
        trial.let_pass(limiting.limits.under_s + late_s(trial) + 1, client)
        client.set(item(limiting.limiter, ACTIONS), old)
    watch.compare(tally)
    _concluded(trial, tally, taken)


@when(parsers.parse("a mask that does not exist is put in force by the management client"))
def unknown_mask(trial: Trial, client: Client) -> None:
    """Refused or taken: the energy that flows belongs to the total either way."""
    activation = trial.object("register_activation")
    refused = trial.changes.attempt(client, activation, _ACTIVE_MASK, octet_string(_NO_MASK))
    if refused is not None:
        trial.remarks.append(f"a mask that does not exist: {refused.answer}")


@when("the management client executes the scripts of the tariffs one after the other", target_fixture="snapshots")
def tariff_scripts_executed(trial: Trial, client: Client) -> Snapshots:
    """Between two lists lie a script and a load; at the end the mask of before is in force again."""
    table, activation = trial.object("tariff_script"), trial.object("register_activation")
    announced = announced_to(client, trial.declaration)
    listed = announced.find(table.class_id, table.obis) if announced is not None else None
    if listed is not None and listed.may_invoke(_EXECUTE) is Right.DENIED:
        raise NotApplicable("no client is told that it may execute the scripts of the tariffs", item="tariff_script")
    with trial.basis():
        scripts = client.read(item(table, SCRIPTS))
        mask = client.read(item(activation, _ACTIVE_MASK))
    present = mask_selectors(scripts).get(mask.value) if isinstance(mask.value, bytes) else None
    if present is None:
        raise Inconclusive(f"no script puts the mask in force that is, {mask}", missing="device")
    # Only what leads to a declared register can be seen in the sum.
    known = rates_by_selector(client, table, activation, trial.objects("energy_import_tariffs"))
    trial.changes.invoke_at_end(client, table, _EXECUTE, long_unsigned(present))
    selectors = (None, *known)

    def execute(number: int) -> None:
        selector = selectors[number]
        if selector is None:
            return
        try:
            client.action(table, _EXECUTE, long_unsigned(selector))
        except Refused as refused:
            trial.remarks.append(f"script {selector} of the tariffs: {refused.answer}")

    return snapshots_of(trial, client, len(selectors), execute)


# Ways of writing that might pass a right by


@when(
    parsers.parse('the other clients try by "{path}" to change what the management client may write'),
    target_fixture="tallies",
)
def others_change_parameters(trial: Trial, client: Client, rights: Rights, path: str) -> list[Tally]:
    wanted = first_parameters(trial, client, "audited")
    for parameter, _, _ in wanted:
        trial.changes.keep(client, parameter.target, parameter.attribute)
    client.close()
    others = [one for one in clients_here(trial) if one.id in rights.lists and one.id != client.declared.id]
    tallies = [_changed_without_right(trial, declared, rights, WritePath(path), wanted) for declared in others]
    client.establish()
    for parameter, there, _ in wanted:
        now = client.read(item(parameter.target, parameter.attribute))
        breach = same_state(str(parameter), encoded(there), encoded(now), counting=False)
        if breach is not None:
            tallies[-1].breaches.append((breach, client.conversation.frame))
    return tallies


Wanted = tuple[AuditedParameter, Data, Data]
"""A parameter, its value, and another one."""


def _changed_without_right(
    trial: Trial, declared: AssociationDeclaration, rights: Rights, path: WritePath, wanted: Sequence[Wanted]
) -> Tally:
    """Let one client try to give parameters other values; those that it is told it may write are left alone."""
    tally = Tally(what=f"{path} by client {declared.id}")
    with proposing_all(trial, declared) as other:
        for parameter, _, value in wanted:
            listed = rights.lists[declared.id].find(parameter.class_id, parameter.obis)
            if listed is not None and listed.may_write(parameter.attribute) is not Right.DENIED:
                tally.skip("announced as writable")
            elif not is_open(other, path) or not fits(other, encoded(value)):
                tally.skip("no such way")
            else:
                attribute = attribute_of(parameter.target, parameter.attribute)
                got = attempt_write(other, path, attribute, encoded(value))
                refused = None if got.name == UNANSWERED else attempt_refused(f"{path} of {parameter}", got.name, ())
                tally.take(refused, got.frame)
    return tally
