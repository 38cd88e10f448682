"""Who is given which data, and how finely."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pytest_bdd import given, parsers, then, when

from harness.checks.privacy import consumption_columns, no_finer_than
from harness.checks.profile import ProfileRow
from harness.checks.value import number_of
from harness.declaration import CosemObject, Profile
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.profiles import ProfileReader
from harness.headend.registers import Listed, read_list
from harness.headend.requests import get_request
from harness.headend.rights.object_list import current_association, read_object_list
from harness.headend.rights.privacy_requests import Data, first_entries, holds_value, last_day, number_like
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.run.trial import Trial
from steps.metering.profiles import newest_rows, profile_of
from steps.polling.reading import energy_items, lists_are_offered

_PROFILE_CLASS, _VALUE, _CAPTURE_PERIOD = 7, 2, 4
_ROWS = 20
_FEWEST_ROWS = 4
_PARTS = {"half": 2, "a 60th": 60}

# What one client is given and another is refused


@given(parsers.parse('the reading client is given "{role}"'))
def reading_client_is_given(trial: Trial, role: str) -> None:
    """Without this nobody could tell a refusal from an object that is not there."""
    with trial.basis():
        client = trial.head_end.associate("reading")
        if trial.object(role).class_id == _PROFILE_CLASS:
            profile_of(trial, client).newest(1)
        else:
            client.read(item(trial.object(role), _VALUE))
        client.close()


@given("the public client is associated on a connection of its own", target_fixture="other_client")
def public_client_beside(trial: Trial) -> Client:
    return trial.head_end.associate("public")


@given(parsers.parse('the reading client reads "{role}" and stays associated'), target_fixture="other_client")
def reading_client_stays(trial: Trial, role: str) -> Client:
    with trial.basis():
        client = trial.head_end.associate("reading")
        client.read(item(trial.object(role), _VALUE))
    return client


@when(parsers.parse('the client asks for "{role}" without the right to it'), target_fixture="provoked")
def asks_without_right(trial: Trial, client: Client, role: str) -> Provoked:
    return provoke(client.conversation, get_request(trial.object(role)))


@when("the client asks for the energy registers in one list with the logical device name", target_fixture="listed")
def asks_in_a_list(trial: Trial, client: Client) -> tuple[Listed, ...]:
    lists_are_offered(client)
    name = item(trial.object("logical_device_name"), _VALUE)
    wanted = [name, *(item(register, _VALUE) for register in energy_items(trial))]
    try:
        return read_list(client, wanted)[1:]
    except Refused:
        return ()  # refused as a whole


@then("no value of a register is delivered")
def no_value_in_list(trial: Trial, listed: tuple[Listed, ...]) -> None:
    for one in listed:
        if holds_value(one):
            raise trial.fail(expected="an error for each register", observed=f"{one.data}", frame=one.frame)


@when(parsers.parse("the client asks for the load profile by {selector}"), target_fixture="provoked")
def asks_for_part(trial: Trial, client: Client, selector: str) -> Provoked:
    profile = trial.object("load_profile")
    if selector == "entry":
        return provoke(client.conversation, first_entries(profile))
    with trial.basis():
        reading = trial.head_end.associate("reading")
        request = last_day(profile, profile_of(trial, reading))
        reading.close()
    return provoke(client.conversation, request)


@when(parsers.parse('the pre-established client asks for "{role}"'), target_fixture="provoked")
def pre_established_asks(trial: Trial, role: str) -> Provoked:
    client = trial.head_end.pre_established()
    return provoke(client.conversation, get_request(trial.object(role)))


# How finely


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePeriod:
    """Of one profile that captures consumption."""

    profile: CosemObject
    period_s: int
    frame: int


@when("the head end reads the capture period of every profile of consumption", target_fixture="periods")
def reads_capture_periods(trial: Trial, client: Client) -> tuple[CapturePeriod, ...]:
    found = []
    for profile in _profiles(trial, client):
        reader = ProfileReader(client, profile, Profile(period_s=0, entries=1), trial.object("clock"))
        try:
            columns = [(column.class_id, column.obis, column.attribute) for column in reader.columns()]
            if consumption_columns(columns):
                period_s = reader.capture_period_s()
                found.append(CapturePeriod(profile=profile, period_s=period_s, frame=client.conversation.frame))
        except Refused:
            continue  # announced, and not for this client
    if not found:
        raise Inconclusive("no profile that captures consumption can be read", missing="device")
    return tuple(found)


def _profiles(trial: Trial, client: Client) -> list[CosemObject]:
    """Return the profiles that the device announces, or those declared where it announces none."""
    try:
        announced = read_object_list(client, current_association(trial.declaration))
    except Refused:
        roles = [role for role in ("load_profile", "billing_profile") if trial.declaration.object(role)]
        declared = [trial.declaration.object(role) for role in roles]
        return [one for one in declared if isinstance(one, CosemObject)]
    return [one.target for one in announced if one.class_id == _PROFILE_CLASS]


@then("none of them is shorter than the declared floor")
def none_is_shorter(trial: Trial, periods: tuple[CapturePeriod, ...]) -> None:
    for one in periods:
        trial.judge(no_finer_than(one.period_s, floor_s(trial), f"rows of {one.profile.obis}"), one.frame)


def floor_s(trial: Trial) -> int:
    """Return the shortest period that clients at this door may get."""
    floor = trial.declaration.privacy.finest_period_s
    if floor is None:
        raise Inconclusive("the declaration does not mention privacy.finest_period_s", missing="declaration")
    return floor


@when("the head end reads the newest rows of the load profile", target_fixture="newest_rows")
def reads_newest_rows(trial: Trial, client: Client) -> list[ProfileRow]:
    return newest_rows(trial, client, _ROWS, wanted=_FEWEST_ROWS, fewest=_FEWEST_ROWS)


@then("most of them are no closer to each other than the declared floor")
def rows_are_no_closer(trial: Trial, client: Client, newest_rows: list[ProfileRow]) -> None:
    # A capture by hand or a change of the clock puts some rows closer; a finer period does so with most of them.
    pairs = pairwise(newest_rows)
    usual_s = median((later.time - row.time).total_seconds() for row, later in pairs)
    jitter_s = trial.profile_declaration("load_profile").jitter_s
    if usual_s < floor_s(trial) - 2 * jitter_s:
        raise trial.fail(
            expected=f"rows every {floor_s(trial)} s or more rarely",
            observed=f"half of them are {usual_s:g} s or less apart",
            frame=client.conversation.frame,
        )


@given("the capture period of the load profile is known", target_fixture="period_before")
def capture_period_known(trial: Trial, client: Client) -> Data:
    with trial.basis():
        return trial.changes.keep(client, trial.object("load_profile"), _CAPTURE_PERIOD)


@when(
    parsers.parse("the client sets the capture period of the load profile to {part} of the declared floor"),
    target_fixture="set_result",
)
def sets_short_period(trial: Trial, client: Client, period_before: Data, part: str) -> Refused | None:
    period_s = floor_s(trial) // _PARTS[part]
    if period_s == 0:
        raise Inconclusive(f"a floor of {floor_s(trial)} s leaves no shorter period to try", missing="declaration")
    try:
        client.set(item(trial.object("load_profile"), _CAPTURE_PERIOD), number_like(period_before, period_s))
    except Refused as refused:
        return refused
    return None


@then("that is refused and the capture period is as before")
def short_period_refused(trial: Trial, client: Client, period_before: Data, set_result: Refused | None) -> None:
    frame = client.conversation.frame
    now = client.read(item(trial.object("load_profile"), _CAPTURE_PERIOD))
    if set_result is None:
        raise trial.fail(
            expected=f"a period below {floor_s(trial)} s to be refused",
            observed=f"success; the period was {period_before.value} s and is {now.value} s",
            frame=frame,
        )
    if number_of(now) != number_of(period_before):
        raise trial.fail(
            expected=f"the period of {period_before.value} s to stay, since the other was refused",
            observed=f"{now.value} s",
            frame=client.conversation.frame,
        )
