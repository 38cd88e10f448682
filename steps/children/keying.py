"""Keys of meters behind the device: new ones, wrong ones, and what the device makes of telegrams that none fits."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from pytest_bdd import given, parsers, then, when

from harness.declaration import AssociationDeclaration
from harness.errors import Inconclusive, NonConformity, NotApplicable, ProtocolViolation, Refused
from harness.headend.client import Client
from harness.headend.restoring.child_keys import SET_KEY, TRANSFER_KEY, ChildKeys
from harness.headend.shown_child import ShownChild, ShownValue
from harness.run.trial import Trial
from steps.children.reading import Behind, child_keys, fetch

_KEY_OCTETS = 16
_METHODS = {"set": SET_KEY, "transferred": TRANSFER_KEY}
_PAUSE_S = 60.0


def _giver(trial: Trial, behind: Behind) -> AssociationDeclaration:
    """Return the client that may give keys; a key that travels as it is does so in cipher alone."""
    found = trial.declaration.ciphered_association(trial.door, role="management")
    if found is not None:
        return found
    if behind.child.keying.key_set == "wrapped":
        return trial.head_end.association("management")
    raise Inconclusive("no ciphered association of role management is declared here", missing="declaration")


def key_comes_back(trial: Trial, behind: Behind) -> None:
    """Have the meter, and the device, have the declared key at the end, where the device can be given one."""
    if behind.child.key is not None and "set_encryption_key" in behind.child.methods:
        trial.changes.child_key(_giver(trial, behind).id, behind.child.name)


def key_again(trial: Trial, behind: Behind) -> None:
    """Let the device read with the key in force again: one that removes a meter may forget its key."""
    if behind.child.key is None or "set_encryption_key" not in behind.child.methods:
        return
    client = trial.head_end.associate_declared(_giver(trial, behind))
    keys = child_keys(trial, behind.child)
    with trial.basis():
        keys.set(client, keys.in_force)
    client.close()


@given("the management client is associated in cipher", target_fixture="client")
def associated_in_cipher(trial: Trial) -> Client:
    declared = trial.declaration.ciphered_association(trial.door, role="management")
    if declared is None:
        raise Inconclusive("no ciphered association of role management is declared here", missing="declaration")
    return trial.head_end.associate_declared(declared)


# New keys


@when("they and the device are given new keys")
def given_new_keys(trial: Trial, client: Client, family: list[Behind]) -> None:
    for behind in family:
        keys = child_keys(trial, behind.child)
        key_comes_back(trial, behind)
        try:
            keys.give(client, keys.new_key())
        except Refused as refused:
            raise trial.fail(expected="the new key to be taken", observed=str(refused)) from refused
        behind.master.use_key(keys.in_force)
        if behind.child.keying.applied_within_s:
            trial.let_pass(behind.child.keying.applied_within_s, client)


@when("the management client has come back in cipher to the meters behind the device", target_fixture="family")
def come_back_in_cipher(trial: Trial, family: list[Behind]) -> list[Behind]:
    client = associated_in_cipher(trial)
    return [replace(one, shown=ShownChild(client, one.child, trial.object("clock"))) for one in family]


@when("a minute passes")
def a_minute(trial: Trial, client: Client) -> None:
    trial.let_pass(_PAUSE_S, client)


@then("they encipher with the new keys")
def encipher_with_new_keys(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        keys = child_keys(trial, behind.child)
        if _opens(behind, keys.in_force):
            continue
        before = _opens(behind, keys.declared_key)
        behind.master.use_key(keys.in_force)
        raise trial.fail(
            expected=f"telegrams of {behind.child.name} in cipher under the key that it was given",
            observed="telegrams under the key of before"
            if before
            else "telegrams in no cipher, or that neither key opens",
            frame=behind.master.last_record,
        )


def _opens(behind: Behind, key: bytes) -> bool:
    behind.master.use_key(key)
    try:
        return behind.master.judged_read().enciphered
    except (ProtocolViolation, NonConformity):
        return False


@then("their keys are shown as in use")
def shown_in_use(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        try:
            shown = behind.shown.key_status
        except Refused:
            trial.remarks.append(f"the client of {behind.child.name} shows no key status")
            continue
        allowed = behind.child.keying.in_use
        if shown not in allowed:
            raise trial.fail(
                expected=f"key status {' or '.join(map(str, allowed))}, after a telegram was deciphered",
                observed=str(shown),
                frame=behind.shown.client.conversation.frame,
            )


# Keys that do not fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was shown of a meter while the key fitted."""

    behind: Behind
    shown: ShownValue


@when("the device is told other keys than theirs", target_fixture="shown_before")
def told_other_keys(trial: Trial, client: Client, family: list[Behind]) -> list[Before]:
    found = []
    for behind in family:
        if behind.child.keying.old_until_new:
            raise NotApplicable("the device reads with the key of before too", item="children.keying.old_until_new")
        key_comes_back(trial, behind)
        fetch(trial, behind)
        found.append(Before(behind=behind, shown=behind.shown.value(behind.register, trial.clause)))
        keys = child_keys(trial, behind.child)
        keys.set(client, keys.new_key())
    return found


@when(parsers.parse("the device tries {times:d} times to fetch what they have counted"))
def tries_to_fetch(trial: Trial, client: Client, family: list[Behind], times: int) -> None:
    for behind in family:
        for _ in range(times):
            trial.let_pass(max(_PAUSE_S, 3 * behind.child.time_tolerance_s), client)
            with suppress(Refused):
                fetch(trial, behind)


@then("nothing that was shown before is shown as if it were new")
def nothing_as_new(trial: Trial, shown_before: list[Before]) -> None:
    for one in shown_before:
        before = one.shown
        try:
            shown = one.behind.shown.value(one.behind.register, trial.clause)
        except Refused:
            continue
        renewed = shown.captured_at is not None and shown.captured_at != before.captured_at
        if renewed or shown.value != before.value:
            raise trial.fail(
                expected=f"{before.value} of {_told(before)} or an error: no key opens what came since",
                observed=f"{shown.value} of {_told(shown)}",
                frame=shown.frame,
            )


def _told(shown: ShownValue) -> str:
    return "no time" if shown.captured_at is None else f"{shown.captured_at:%Y-%m-%d %H:%M:%S} UTC"


# What must not be taken


@when(parsers.parse("the reading client gives them keys that are {how}"), target_fixture="refusals")
def reader_gives_keys(trial: Trial, family: list[Behind], how: str) -> list[str]:
    for behind in family:
        key_comes_back(trial, behind)
    reader = trial.head_end.associate("reading")
    answers = [_attempted(child_keys(trial, behind.child), reader, how, _KEY_OCTETS) for behind in family]
    reader.close()
    return answers


@when(parsers.parse("keys of {octets:d} octets are {how}"), target_fixture="refusals")
def gives_keys_of_length(trial: Trial, client: Client, family: list[Behind], octets: int, how: str) -> list[str]:
    for behind in family:
        key_comes_back(trial, behind)
    return [_attempted(child_keys(trial, behind.child), client, how, octets) for behind in family]


def _attempted(keys: ChildKeys, client: Client, how: str, octets: int) -> str:
    """Give a key that must not be taken; return the answer."""
    key = keys.new_key()
    sized = (key + key)[:octets]
    try:
        if _METHODS[how] == SET_KEY:
            keys.say(client, SET_KEY, keys.as_set(key) if octets == _KEY_OCTETS else sized)
        else:
            keys.attempt_transfer(client, key, keys.as_transferred(key) if octets == _KEY_OCTETS else sized)
    except Refused as refused:
        return refused.answer
    return "carried out"


@then("their keys stand nowhere in what the device shows of them")
def keys_stand_nowhere(trial: Trial, client: Client, family: list[Behind]) -> None:
    reader = trial.head_end.associate("reading")
    for behind in family:
        key = child_keys(trial, behind.child).in_force
        for reading in (client, reader):
            _shows_no_key(trial, reading, behind, _forms_of(key))
    reader.close()


def _forms_of(key: bytes) -> Sequence[bytes]:
    return (key, key[::-1], key.hex().encode(), key.hex().upper().encode())


def _shows_no_key(trial: Trial, client: Client, behind: Behind, forms: Sequence[bytes]) -> None:
    for attribute, octets in ShownChild(client, behind.child).all_shown():
        if any(form in octets for form in forms):
            raise trial.fail(
                expected=f"no key in attribute {attribute} of {behind.child.client.obis}",
                observed=f"the key of {behind.child.name} (not shown here)",
                frame=client.conversation.frame,
            )


@when("the device is told their keys once more")
def told_keys_again(trial: Trial, client: Client, family: list[Behind]) -> None:
    for behind in family:
        keys = child_keys(trial, behind.child)
        key_comes_back(trial, behind)
        keys.set(client, keys.in_force)
