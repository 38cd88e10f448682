"""The filter of data collection: what it selects, who may write it, and what it refuses."""

from collections.abc import Mapping

from pytest_bdd import given, parsers, then, when

from harness.checks.refusals import told
from harness.errors import Refused
from harness.headend.client import Client, item
from harness.headend.collection import COLLECTED, filter_data, unknown_bit_data
from harness.headend.data import Data
from harness.run.trial import Trial
from steps.rights.access import associated

_FILTER = 2
_SELECTIONS: Mapping[str, tuple[str, ...]] = {
    "readings": ("readings_collected",),
    "intervals": ("intervals_collected",),
    "everything": COLLECTED,
    "nothing": (),
}


@given(parsers.parse("the filter selects {what}"))
@when(parsers.parse("the filter is set to select {what}"))
def filter_selects(trial: Trial, client: Client, what: str) -> None:
    target = trial.object("collection_filter")
    managing = client
    if client.declared.role != "management":
        managing = trial.head_end.associate("management")
    there = managing.read(item(target, _FILTER))
    wanted = filter_data(there, trial.declaration.collection, _SELECTIONS[what])
    try:
        trial.changes.set(managing, target, _FILTER, wanted)
    except Refused as refused:
        raise trial.fail(expected=f"a filter that selects {what} to be taken", observed=str(refused)) from refused
    found = managing.read(item(target, _FILTER))
    if found != wanted:
        raise trial.fail(expected=f"the filter {wanted}, as written", observed=f"{found}")
    if managing is not client:
        managing.close()


@then("the filter is as it was set")
def filter_kept(trial: Trial, client: Client) -> None:
    target = trial.object("collection_filter")
    there = client.read(item(target, _FILTER))
    due = filter_data(there, trial.declaration.collection, _SELECTIONS["intervals"])
    if there != due:
        raise trial.fail(
            expected=f"the filter {due} after a power cut", observed=f"{there}", frame=client.conversation.frame
        )


@when("a filter with a bit that selects nothing is written", target_fixture="filter_written")
def unknown_bit_written(trial: Trial, client: Client) -> tuple[Data, Data, str | None]:
    target = trial.object("collection_filter")
    there = trial.changes.keep(client, target, _FILTER)
    wanted = unknown_bit_data(there, trial.declaration.collection)
    answer = None
    try:
        client.set(item(target, _FILTER), wanted)
    except Refused as refused:
        answer = refused.answer
    return there, wanted, answer


@then("it is refused or ignored as declared, and the device goes on")
def unknown_bit_treated(trial: Trial, client: Client, filter_written: tuple[Data, Data, str | None]) -> None:
    there, wanted, answer = filter_written
    policy = trial.declaration.collection.unknown_bit
    found = client.read(item(trial.object("collection_filter"), _FILTER))
    frame = client.conversation.frame
    if answer is None:
        if policy == "refused":
            raise trial.fail(expected="a filter with an unknown bit to be refused", observed="taken", frame=frame)
        return
    accepted = trial.refusals("value_out_of_range")
    if answer not in accepted:
        raise trial.fail(expected=told(accepted), observed=answer, frame=frame)
    if policy == "ignored":
        raise trial.fail(expected="an unknown bit to be ignored", observed=f"refused with {answer}", frame=frame)
    if found != there:
        raise trial.fail(expected=f"the filter {there} after the refusal of {wanted}", observed=f"{found}", frame=frame)


@when("the reading client writes the filter", target_fixture="filter_written")
def reading_writes(trial: Trial, client: Client) -> tuple[Data, Data, str | None]:
    target = trial.object("collection_filter")
    there = trial.changes.keep(client, target, _FILTER)
    wanted = filter_data(there, trial.declaration.collection, ["readings_collected"])
    if wanted == there:
        wanted = filter_data(there, trial.declaration.collection, [])
    client.close()
    answer = None
    with associated(trial, trial.head_end.association("reading")) as reading:
        try:
            reading.set(item(target, _FILTER), wanted)
        except Refused as refused:
            answer = refused.answer
    client.establish()
    return there, wanted, answer


@then("it is refused and the filter stays")
def filter_stays(trial: Trial, client: Client, filter_written: tuple[Data, Data, str | None]) -> None:
    there, _, answer = filter_written
    accepted = trial.refusals("no_write_right")
    found = client.read(item(trial.object("collection_filter"), _FILTER))
    if answer not in accepted or found != there:
        raise trial.fail(
            expected=f"{told(accepted)} and the filter {there}",
            observed=f"{answer or 'carried out'} and the filter {found}",
            frame=client.conversation.frame,
        )
