"""One description for one error: at every door, ciphered or not, alone or in a list, in one request or in blocks."""

from dataclasses import dataclass

from pytest_bdd import parsers, then, when

from harness.declaration import CosemObject
from harness.errors import Inconclusive, NotApplicable
from harness.headend.stimuli.provoke import Provoked
from harness.headend.stimuli.same_error import met_in_two_ways, read_at
from harness.headend.stimuli.stimulus import clients_at
from harness.run.trial import Trial
from steps.security.diagnostics import provoked_in_association

_SUCCESS = ("data", "empty", "aare:0", "dar:0", "action:0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One error met in two ways."""

    first: str
    second: str
    ways: tuple[str, str]
    frame: int


@then("the answer is an error that the catalogue knows")
def is_known_error(trial: Trial, provoked: Provoked) -> None:
    if provoked.name in _SUCCESS:
        raise Inconclusive(f"no error was raised but {provoked.description}", missing="device")
    if not trial.catalogue.known_answer(provoked.name):
        raise trial.fail(
            expected="an error of the catalogue",
            observed=f"{provoked.name}: {provoked.description}",
            frame=provoked.frame,
        )


@when(
    parsers.parse('the head end provokes "{condition}" by "{stimulus}" with a ciphered client and with a plain one'),
    target_fixture="pair",
)
def ciphered_and_plain(trial: Trial, condition: str, stimulus: str) -> Pair:
    able = clients_at(trial.head_end)
    plain = [one for one in able if not one.ciphered]
    if not plain:
        raise NotApplicable("every client of this door is ciphered", item="associations.context")
    ciphered = [one for one in able if one.ciphered]
    first = provoked_in_association(trial, condition, stimulus, ciphered)
    second = provoked_in_association(trial, condition, stimulus, plain)
    return Pair(first=first.name, second=second.name, ways=("ciphered", "plain"), frame=second.frame)


@when(parsers.parse("the head end asks for an unknown object {ways}"), target_fixture="pair")
def in_two_ways(trial: Trial, ways: str) -> Pair:
    met = met_in_two_ways(trial.head_end, ways)
    one, other = ways.split(" and ")
    return Pair(first=met.first, second=met.second, ways=(one, other), frame=met.frame)


@then("both answers are the same error")
def both_are_the_same(trial: Trial, pair: Pair) -> None:
    if pair.first in _SUCCESS and pair.second in _SUCCESS:
        raise Inconclusive("no error was raised", missing="device")
    if pair.first != pair.second:
        raise trial.fail(
            expected=f"the same error {pair.ways[0]} and {pair.ways[1]}",
            observed=f"{pair.first} {pair.ways[0]}, {pair.second} {pair.ways[1]}",
            frame=pair.frame,
        )


@when(parsers.parse('the head end reads "{role}" at this door and at the others'), target_fixture="readings")
def reads_at_all_doors(trial: Trial, role: str) -> dict[str, str]:
    target: CosemObject = trial.object(role)
    others = [
        door
        for door in trial.declaration.dlms_doors
        # Doors in this process and doors of the lab lead to two devices of one kind.
        if door.id != trial.door.id and door.is_virtual == trial.door.is_virtual
    ]
    if not others or trial.neighbour is None:
        raise NotApplicable("the device is reached by one interface only", item="doors")
    # Each reading has a head end of its own, so that the invocation counters rise from one to the next.
    order = [trial.door, *others, trial.door]
    values: list[str] = []
    for door in order:
        head_end = trial.neighbour(door)
        trial.at_the_end(head_end.close_all)
        values.append(str(read_at(head_end, target)))
    if values[-1] != values[0]:
        raise Inconclusive("the register changes while it is read at all doors", missing="device")
    return {door.id: value for door, value in zip(order[:-1], values[:-1], strict=True)}


@then("all doors give the same value")
def all_give_the_same(trial: Trial, readings: dict[str, str]) -> None:
    here = readings[trial.door.id]
    for door, value in readings.items():
        if value != here:
            raise trial.fail(
                expected=f"{here} as at door {trial.door.id} at every door", observed=f"{value} at door {door}"
            )
