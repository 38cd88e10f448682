"""Meters behind the device that are removed and installed again."""

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_bdd import then, when

from harness.declaration import ChildMethod
from harness.errors import Refused
from harness.headend.client import Client
from harness.headend.data import NOTHING, Data
from harness.headend.shown_child import ShownChild, ShownValue
from harness.run.trial import Trial
from steps.children.keying import key_again, key_comes_back
from steps.children.reading import Behind, own

_BESIDE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """One meter that the device was told to know no more."""

    behind: Behind
    identity: dict[str, int]
    """As it was shown before, like the address."""
    primary: int
    value: ShownValue | None
    """None where its register is not shown."""
    back: Data
    """Parameter of its installation."""


def _remove(trial: Trial, behind: Behind, *, back_at_end: bool) -> Removed:
    shown, register = behind.shown, behind.child.value
    with trial.basis():
        identity, primary = shown.identity(), shown.primary
        value = None if register is None else shown.value(register, trial.clause)
    key_comes_back(trial, behind)
    back = shown.keep(trial.changes, may_be_refused=not back_at_end)
    shown.invoke("deinstall")
    return Removed(behind=behind, identity=identity, primary=primary, value=value, back=back)


@when("the device is told to remove them", target_fixture="removed")
def told_to_remove(trial: Trial, family: list[Behind]) -> list[Removed]:
    return [_remove(trial, behind, back_at_end=True) for behind in family]


@when("the device is told to remove them and to install them again")
def removed_and_installed(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        removed = _remove(trial, behind, back_at_end=False)
        behind.shown.invoke("install", removed.back)
        key_again(trial, behind)


@when("it goes on for as long as it may take to ask them")
def goes_on(trial: Trial, client: Client, removed: list[Removed]) -> None:
    trial.let_pass(max(one.behind.child.refresh_s for one in removed) + _BESIDE_S, client)


@then("the device shows none of them")
def shows_none(trial: Trial, removed: list[Removed]) -> None:
    for one in removed:
        child, shown = one.behind.child, one.behind.shown
        if not child.removal_shown:
            continue
        try:
            primary, identity = shown.primary, shown.identity()
        except Refused:
            continue
        number = "identification number"
        if primary == one.primary and identity[number] == one.identity[number]:
            raise trial.fail(
                expected=f"neither address nor number of {child.name}, which was removed",
                observed=f"address {primary}, {number} {identity[number]}",
                frame=shown.client.conversation.frame,
            )


@then("what they have counted since is not shown")
def nothing_new(trial: Trial, removed: list[Removed]) -> None:
    for one in removed:
        before, register = one.value, one.behind.child.value
        if before is None or register is None:
            continue
        try:
            shown = one.behind.shown.value(register, trial.clause)
        except Refused:
            continue
        counted = own(one.behind).total
        if shown.value > before.value:
            raise trial.fail(
                expected=f"{before.value} of {one.behind.child.name} at most, as at its removal; it says {counted}",
                observed=str(shown.value),
                frame=shown.frame,
            )


@when("the reading client tells the device to remove them", target_fixture="refusals")
def reader_removes(trial: Trial, family: list[Behind]) -> list[str]:
    for behind in family:
        key_comes_back(trial, behind)
        with trial.basis():
            behind.shown.keep(trial.changes, may_be_refused=True)
    return _told_by_reader(trial, family, "deinstall", [NOTHING] * len(family))


@when("the reading client tells the device to install them again", target_fixture="refusals")
def reader_installs(trial: Trial, removed: list[Removed]) -> list[str]:
    family, parameters = [one.behind for one in removed], [one.back for one in removed]
    return _told_by_reader(trial, family, "install", parameters)


def _told_by_reader(
    trial: Trial, family: Sequence[Behind], method: ChildMethod, parameters: Sequence[Data]
) -> list[str]:
    reader = trial.head_end.associate("reading")
    answers = []
    for behind, parameter in zip(family, parameters, strict=True):
        try:
            ShownChild(reader, behind.child).invoke(method, parameter)
            answers.append("carried out")
        except Refused as refused:
            answers.append(refused.answer)
    reader.close()
    return answers
