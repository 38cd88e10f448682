"""The log of data collection: what is collected leaves an entry where the filter selects it."""

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pytest_bdd import parsers, then, when

from harness.checks.audit import Noted, entries_listed, no_entry, one_entry
from harness.declaration import CosemObject, Profile
from harness.errors import Inconclusive, NotApplicable, Refused
from harness.headend.audit import codes_of, noted
from harness.headend.blocks import selects_rows, takes_blocks
from harness.headend.client import Client, item
from harness.headend.collection import COLLECTED
from harness.headend.event_log import LogEntry, entries_since, read_event_log
from harness.headend.profiles import ProfileReader
from harness.headend.requests import get_request, unannounced_object
from harness.headend.stimuli.provoke import provoke
from harness.run.trial import Trial
from steps.rights.access import associated

_BUFFER = 2
_ROWS_IN_BLOCKS = 12
_GAS = 3
_REGISTERS = {"a register": "energy_import_total", "the export register": "energy_export_total"}
_PART_S = 3600
_BY_NUMBER = Profile(period_s=0, entries=1, selective_access=("entry",))
"""What is taken of a profile of which nothing is declared: rows by their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was collected, between two readings of the log."""

    about: str
    values: int
    """How many values were asked for."""
    before: Mapping[str, tuple[LogEntry, ...]]
    began: datetime | None
    ended: datetime | None
    frame: int


def logs_of_collection(trial: Trial, client: Client) -> dict[str, tuple[LogEntry, ...]]:
    """Read the logs in which collecting is noted."""
    trial.declaration.require_event("readings_collected", clause=trial.clause)
    found = [trial.declaration.event(event) for event in COLLECTED]
    logs = dict.fromkeys(log for one in found if (log := getattr(one, "log", "")))
    return {log: read_event_log(client, trial.declaration, log) for log in logs}


def collects(trial: Trial, client: Client, act: Callable[[], object], about: str, values: int = 1) -> Collected:
    """Collect something between two readings of the log."""
    before = logs_of_collection(trial, client)
    began = trial.metering_now(client)
    act()
    frame = client.conversation.frame
    return Collected(
        about=about, values=values, before=before, began=began, ended=trial.metering_now(client), frame=frame
    )


def filled(trial: Trial, client: Client) -> CosemObject:
    """Return the load profile, with rows enough for several blocks where time can be moved."""
    profile = trial.object("load_profile")
    reader = ProfileReader(client, profile, trial.profile_declaration("load_profile"), trial.object("clock"))
    period_s = reader.capture_period_s()
    if trial.time_moves_by_hand and period_s and reader.entries_in_use() < _ROWS_IN_BLOCKS:
        trial.let_pass(_ROWS_IN_BLOCKS * period_s, client)
    return profile


def _whole(trial: Trial, client: Client, role: str) -> Callable[[], object]:
    """Return what collects a profile with one request: all rows, or one where there are no blocks for a long answer."""
    target = trial.object(role)
    if takes_blocks(client):
        return lambda: deque(client.rows(item(target, _BUFFER)), maxlen=0)
    reader = ProfileReader(client, target, trial.profile_declaration(role), trial.object("clock"))
    reader.columns()
    return lambda: reader.entries(1, 1)


def reading_of(trial: Trial, client: Client, what: str) -> Callable[[], object]:
    """Return what collects a register, the load profile or the billing profile."""
    if what in _REGISTERS:
        register = trial.object(_REGISTERS[what])
        return lambda: client.read(item(register, register.attribute))
    if what == "a part of the load profile":
        return _part(trial, client)
    if what == "the load profile":
        return _whole(trial, client, "load_profile")
    if what.endswith("of the gas meter"):
        return _of_gas(trial, client, what)
    if what != "the billing profile":
        raise ValueError(f"nobody knows how to collect {what}")
    return _whole(trial, client, "billing_profile")


def _part(trial: Trial, client: Client) -> Callable[[], object]:
    """Return what collects the rows of the last hour, or the first two."""
    declared = trial.profile_declaration("load_profile")
    reader = ProfileReader(client, filled(trial, client), declared, trial.object("clock"))
    if not declared.selective_access or not selects_rows(client):
        raise NotApplicable("no selective access", item="profiles.load_profile.selective_access")
    reader.order()
    reader.columns()
    if not reader.has_ranges:
        return lambda: reader.entries(1, 2)
    now = reader.now()
    start = now.later(-max(_PART_S, 2 * declared.period_s))
    return lambda: reader.range(start, now)


def _of_gas(trial: Trial, client: Client, what: str) -> Callable[[], object]:
    """Return what collects the register or the profile of the first gas meter behind the device."""
    found = [child for child in trial.declaration.children if child.medium in (_GAS, None)]
    if not found:
        raise NotApplicable("no gas meter is behind the device", item="children")
    if what.startswith("the register"):
        return lambda: client.read(item(_shown(found[0].value), _BUFFER))
    profile = _shown(found[0].profile)
    if takes_blocks(client):
        return lambda: deque(client.rows(item(profile, _BUFFER)), maxlen=0)
    reader = ProfileReader(client, profile, _BY_NUMBER, trial.object("clock"))
    reader.columns()
    return lambda: _first_row(reader)


def _first_row(reader: ProfileReader) -> None:
    """Collect one row: all of them may be too long for an answer in one piece."""
    try:
        reader.entries(1, 1)
    except Refused as refused:
        reason = f"the profile gives no single row, and there are no blocks for all of it: {refused}"
        raise Inconclusive(reason, missing="device") from refused


def _shown(target: CosemObject | None) -> CosemObject:
    if target is None:
        raise NotApplicable("that of the gas meter is not shown", item="children")
    return target


@when(parsers.parse("the client collects {what}"), target_fixture="collected")
def client_collects(trial: Trial, client: Client, what: str) -> Collected:
    return collects(trial, client, reading_of(trial, client, what), f"the collection of {what}")


@when(parsers.parse("{number:d} registers are fetched with one request"), target_fixture="collected")
def collects_list(trial: Trial, client: Client, number: int) -> Collected:
    if not client.may_list:
        raise NotApplicable("no lists of attributes", item="associations.conformance")
    every = [trial.object("energy_import_total")]
    for role in ("energy_import_tariffs", "energy_export_total", "energy_export_tariffs"):
        found = trial.declaration.objects_of(role)
        every += found if isinstance(found, tuple) else ()
    wanted = [item(one, one.attribute) for one in every[:number]]
    return collects(
        trial, client, lambda: client.get_list(wanted), f"the collection of {len(wanted)} registers", len(wanted)
    )


@when("the load profile is fetched in many blocks", target_fixture="collected")
def collects_in_blocks(trial: Trial, client: Client) -> Collected:
    filled(trial, client)
    return collects(trial, client, reading_of(trial, client, "the load profile"), "a load profile in many blocks")


@when("the client breaks off a long reading of the load profile", target_fixture="collected")
def breaks_off(trial: Trial, client: Client) -> Collected:
    profile = filled(trial, client)
    before, began = logs_of_collection(trial, client), trial.metering_now(client)
    got = provoke(client.conversation, get_request(profile, _BUFFER))
    if not got.is_block:
        raise Inconclusive("the load profile fits into one answer", missing="device")
    frame = client.conversation.frame
    client.drop()
    trial.head_end.associate_again(client)
    return Collected(
        about="a reading that was broken off",
        values=1,
        before=before,
        began=began,
        ended=trial.metering_now(client),
        frame=frame,
    )


@when("the client asks for what there is not", target_fixture="collected")
def asks_for_nothing(trial: Trial, client: Client) -> Collected:
    unknown = unannounced_object(client.announced_codes())
    register = trial.object("energy_import_total")

    def act() -> None:
        for target, attribute in ((unknown, 2), (register, 99)):
            with suppress(Refused):
                client.read(item(target, attribute))

    return collects(trial, client, act, "requests that were refused", 2)


@when("the public client reads what it may", target_fixture="collected")
def public_reads(trial: Trial, client: Client) -> Collected:
    register, clock = trial.object("energy_import_total"), trial.object("clock")
    before, began = logs_of_collection(trial, client), trial.metering_now(client)
    client.close()
    with associated(trial, trial.head_end.association("public")) as public:
        for target in (clock, register):
            with suppress(Refused):
                public.read(item(target, 2))
        frame = public.conversation.frame
    client.establish()
    return Collected(
        about="what the public client may read",
        values=1,
        before=before,
        began=began,
        ended=trial.metering_now(client),
        frame=frame,
    )


@when("the client reads the log of collection several times", target_fixture="collected")
def reads_log(trial: Trial, client: Client) -> Collected:
    def act() -> None:
        for _ in range(3):
            logs_of_collection(trial, client)

    return collects(trial, client, act, "readings of the log itself", 3)


def new_entries(trial: Trial, client: Client, collected: Collected) -> list[Noted]:
    """The entries of collecting since."""
    after = logs_of_collection(trial, client)
    codes = codes_of(trial.declaration, *COLLECTED)
    return [
        one
        for log, before in collected.before.items()
        for one in noted(entries_since(before, after[log]))
        if one.code in codes
    ]


@then(parsers.parse("the log has one entry {event} of it"))
def has_one(trial: Trial, client: Client, collected: Collected, event: str) -> None:
    code = trial.declaration.require_event(event, clause=trial.clause).code
    entries = new_entries(trial, client, collected)
    number = collected.values if trial.declaration.collection.unit == "answer" else 1
    if number > 1:
        if [one.code for one in entries] != [code] * number:
            raise trial.fail(
                expected=f"{number} entries {code} of {collected.about}, one for each value",
                observed=entries_listed(entries),
                frame=collected.frame,
            )
        return
    if collected.began is None or collected.ended is None:
        raise Inconclusive("the clock shows no full time", missing="device")
    judged = one_entry(
        collected.about,
        entries,
        codes={code},
        span=(collected.began, collected.ended),
        tolerance_s=trial.declaration.clock.tolerance_s,
    )
    trial.judge(judged, collected.frame)
    others = codes_of(trial.declaration, *COLLECTED) - {code}
    trial.judge(no_entry(f"another kind of collection than {collected.about}", entries, codes=others), collected.frame)


@then("the log has no entry of it")
def has_none(trial: Trial, client: Client, collected: Collected) -> None:
    codes = codes_of(trial.declaration, *COLLECTED)
    trial.judge(no_entry(collected.about, new_entries(trial, client, collected), codes=codes), collected.frame)


@then("the log has no entry of it, unless failed requests are declared to be logged")
def has_none_of_failed(trial: Trial, client: Client, collected: Collected) -> None:
    if trial.declaration.collection.failed_reads_logged:
        if not new_entries(trial, client, collected):
            raise trial.fail(
                expected="entries of requests that failed, as declared", observed="none", frame=collected.frame
            )
        return
    has_none(trial, client, collected)


@then("the log has at most one entry of it")
def has_at_most_one(trial: Trial, client: Client, collected: Collected) -> None:
    entries = new_entries(trial, client, collected)
    if len(entries) > 1:
        raise trial.fail(
            expected=f"at most one entry of {collected.about}",
            observed=entries_listed(entries),
            frame=collected.frame,
        )
