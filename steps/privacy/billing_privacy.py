"""How often billing data are there to be fetched, what they tell, and whom."""

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from harness.checks.data_sets import came_since
from harness.checks.privacy import consumption_columns
from harness.checks.profile import ProfileRow, same_rows
from harness.headend.client import Client
from harness.headend.data_sets import Sets
from harness.headend.requests import get_request
from harness.headend.rights.privacy_requests import first_entries
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.run.trial import Trial
from steps.metering.data_sets import boundary_after, clear_boundary, sets_of, tail_of, travel

_MONTHS = 12
_ENOUGH = 6
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Billing sets as they were fetched."""

    sets: Sets
    rows: list[ProfileRow]
    frame: int


@given("the reading client is given billing sets")
def reading_client_is_given_sets(trial: Trial) -> None:
    """Without this nobody could tell a refusal from a device that has no set yet."""
    client = trial.head_end.associate("reading")
    device_has_sets(trial, client)
    client.close()


@given("the device has billing sets")
def device_has_sets(trial: Trial, client: Client) -> None:
    if sets_of(trial, client, "month").newest(1):
        return
    nominal = clear_boundary(trial, client, "month")
    travel(trial, client, nominal)
    trial.reach(nominal + tail_of(trial), client)


@when("a year passes and the billing sets are fetched after each of its months", target_fixture="fetched")
def year_passes(trial: Trial, client: Client) -> Fetched:
    sets = sets_of(trial, client, "month")
    nominal = clear_boundary(trial, client, "month")
    travel(trial, client, nominal)
    trial.reach(nominal + tail_of(trial), client)
    known, came = sets.newest(), list[ProfileRow]()
    for _ in range(_MONTHS):
        nominal = boundary_after(trial, client, "month", nominal)
        travel(trial, client, nominal)
        trial.reach(nominal + tail_of(trial), client)
        newest = sets.newest()
        came += came_since(known, newest)
        known = newest
        if len(came) >= _ENOUGH:
            break  # where time is waited for, the rest of the year tells nothing more
    return Fetched(sets=sets, rows=came, frame=client.conversation.frame)


@then(parsers.parse("at least {count:d} sets have come in it"))
def sets_have_come(trial: Trial, fetched: Fetched, count: int) -> None:
    if len(fetched.rows) < count:
        told = ", ".join(map(str, fetched.rows)) or "none"
        raise trial.fail(
            expected=f"{count} billing sets in a year", observed=f"{len(fetched.rows)}: {told}", frame=fetched.frame
        )


@when("the reading client fetches the newest billing sets", target_fixture="fetched")
def fetches_sets(trial: Trial, client: Client) -> Fetched:
    sets = sets_of(trial, client, "month")
    rows = sets.newest(_FEW)
    if not rows:
        raise trial.fail(expected="billing sets", observed="none", frame=client.conversation.frame)
    return Fetched(sets=sets, rows=rows, frame=client.conversation.frame)


@then("each of them has a full time and energy")
def sets_are_of_use(trial: Trial, fetched: Fetched) -> None:
    captured = [(one.class_id, one.obis, one.attribute) for one in fetched.sets.reader.columns()]
    telling = [place for place, one in enumerate(captured) if consumption_columns([one])]
    for row in fetched.rows:
        time = fetched.sets.reader.time_of(row)
        if time.comparable() is None:
            raise trial.fail(expected="a full time in each billing set", observed=str(time), frame=fetched.frame)
        if not any(isinstance(row.values[place], int | float) for place in telling):
            raise trial.fail(
                expected="energy in each billing set", observed=f"none in that of {time}", frame=fetched.frame
            )


@then("the reading client fetches the same billing sets again")
def same_sets_again(trial: Trial, client: Client, fetched: Fetched) -> None:
    again = fetches_sets(trial, client)
    trial.judge(same_rows(fetched.rows, again.rows), again.frame)


@when(parsers.parse("the client asks for the billing sets by {selector}"), target_fixture="provoked")
def asks_for_sets(trial: Trial, client: Client, selector: str) -> Provoked:
    profile = trial.object("billing_profile")
    return provoke(client.conversation, first_entries(profile) if selector == "entry" else get_request(profile))
