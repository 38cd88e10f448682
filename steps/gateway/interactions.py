"""What head ends and devices do together through a gateway, and what it records of that."""

from collections.abc import Callable, Mapping

from pytest_bdd import parsers, then, when

from harness.checks.device_records import booked_in_order, each_listed_once, in_turn
from harness.declaration import INTERACTIONS, DeviceBehind
from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.gateway import Behind, DeviceRecords, listed_names
from harness.headend.registers import clock_data, read_clock
from harness.headend.requests import unannounced_object
from harness.run.trial import Trial
from steps.audit.collection_log import judge_last_minute
from steps.gateway.watching import Happened, booked, declared_kinds, judge_booked, watched

_ENTRIES = 8
_TIME = 2
_HOUR_S = 3600
_OTHER_SECOND_S = 2
_TWO_MINUTES_S = 120
_MOST_READS = 400
_ACTS: Mapping[str, Callable[[Behind, DeviceBehind], object]] = {
    "reads from": Behind.read,
    "associates with": Behind.enter,
    "writes to": Behind.rewrite,
    "commands": Behind.command,
}


@when("the client reads the list of devices", target_fixture="names")
def reads_list(trial: Trial, client: Client) -> Mapping[str, int]:
    return listed_names(client, trial.declaration, clause=trial.clause)


@then("the list names every declared device once")
def list_names_all(trial: Trial, client: Client) -> None:
    stands_once(trial, client, reads_list(trial, client))


@then("every declared device stands on it once by its name")
def stands_once(trial: Trial, client: Client, names: Mapping[str, int]) -> None:
    trial.judge(each_listed_once(names), client.conversation.frame)


@when(parsers.parse("the head end {does} the {which} device"), target_fixture="happened")
def does_with_device(trial: Trial, client: Client, does: str, which: str) -> Happened:
    device = Behind(trial.head_end).device(which)

    def act(behind: Behind) -> None:
        with trial.basis():
            _ACTS[does](behind, device)

    return watched(trial, client, [device], act)


@when("two devices are read in turn, one of them twice", target_fixture="happened")
def reads_in_turn(trial: Trial, client: Client) -> Happened:
    behind = Behind(trial.head_end)
    devices = [behind.device(which) for which in ("first", "last", "first")]
    return watched(trial, client, devices, lambda same: _read_each(trial, same, devices))


def _read_each(trial: Trial, behind: Behind, devices: list[DeviceBehind]) -> None:
    with trial.basis():
        for device in devices:
            behind.read(device)


@when(parsers.parse("the {which} device refuses what the head end asks of it"), target_fixture="happened")
def device_refuses(trial: Trial, client: Client, which: str) -> Happened:
    device = Behind(trial.head_end).device(which)

    def act(behind: Behind) -> None:
        if behind.fails(lambda: behind.read(device, unannounced_object(frozenset()))) is None:
            raise Inconclusive("the device has even a register that nobody has", missing="device")

    return watched(trial, client, [device], act)


@when("the head end asks for a device at a place where there is none", target_fixture="happened")
def asks_nobody(trial: Trial, client: Client) -> Happened:
    def act(behind: Behind) -> None:
        behind.fails(lambda: behind.read(behind.nobody()))

    return watched(trial, client, [], act)


@when("the first device is read, the clock is put back by an hour, and the last one is read", target_fixture="happened")
def over_clock_step(trial: Trial, client: Client) -> Happened:
    clock = trial.object("clock")
    trial.changes.clock(client.declared.id, clock)
    trial.wait(_OTHER_SECOND_S, client)

    def act(behind: Behind) -> None:
        with trial.basis():
            behind.read(behind.device("first"))
            client.set(item(clock, _TIME), clock_data(read_clock(client, clock).later(-_HOUR_S)))
            behind.read(behind.device("last"))

    behind = Behind(trial.head_end)
    return watched(trial, client, [behind.device("first"), behind.device("last")], act)


@then(parsers.parse("the gateway has recorded {event} under the name of each, as often as it happened"))
def recorded_for_each(trial: Trial, client: Client, happened: Happened, event: str) -> None:
    judge_booked(trial, client, happened, event)


@then("each recorded interaction stands under the name of each, in the order of what happened")
def recorded_in_order(trial: Trial, client: Client, happened: Happened) -> None:
    for event in _of_reading(trial):
        found = judge_booked(trial, client, happened, event)
        trial.judge(booked_in_order(event, found, happened.names), client.conversation.frame)


@then("no interaction with any device is recorded")
def nothing_recorded(trial: Trial, client: Client, happened: Happened) -> None:
    for event in declared_kinds(trial, INTERACTIONS):
        judge_booked(trial, client, happened, event, [])


@then("the new records can be read by a range of time")
def by_range(trial: Trial, client: Client, happened: Happened) -> None:
    trial.wait(_TWO_MINUTES_S, client)
    with trial.basis():
        happened.behind.read(happened.devices[0])
    for event in _of_reading(trial):
        judge_booked(trial, client, happened, event, [*happened.names, happened.names[0]])
        judge_last_minute(trial, client, trial.declaration.require_event(event, clause=trial.clause).log)


@when("the devices are read in turn once more often than the log has entries", target_fixture="happened")
def floods_log(trial: Trial, client: Client) -> Happened:
    event = trial.declaration.require_event(_of_reading(trial)[-1], clause=trial.clause)
    depth = client.read(item(trial.object(event.log), _ENTRIES)).value
    if not isinstance(depth, int) or depth > _MOST_READS:
        raise Inconclusive(f"the log has {depth} entries; more than {_MOST_READS} are not filled", missing="bench")
    known = trial.declaration.gateway.devices
    devices = [known[number % len(known)] for number in range(depth + 1)]
    return watched(trial, client, devices, lambda behind: _read_each(trial, behind, devices))


@then("the newest records are those of the last readings, in their order")
def newest_kept(trial: Trial, client: Client, happened: Happened) -> None:
    kinds = _of_reading(trial)
    records = DeviceRecords(client, trial.declaration, kinds[-1], clause=trial.clause)
    entries = records.entries()
    found = [one.device for one in records.of(entries)]
    least = (len(happened.devices) - 1) // len(kinds)
    turns = in_turn(found)
    if len(found) < least or turns != in_turn(happened.names)[-len(turns) :]:
        raise trial.fail(
            expected=f"at least {least} records of the last readings, in their order",
            observed=f"{len(entries)} entries, {len(found)} of them {kinds[-1]}, the last of "
            f"{', '.join(str(one) for one in found[-3:]) or 'none'}",
            frame=client.conversation.frame,
        )


@then("the later record has the earlier time")
def later_has_earlier_time(trial: Trial, client: Client, happened: Happened) -> None:
    found = booked(trial, client, happened, _of_reading(trial)[-1])
    first, second = found[0], found[-1]
    if first.at is None or second.at is None or second.at >= first.at:
        raise trial.fail(
            expected="the record of the later reading with the earlier time, by the clock that was put back",
            observed=f"{first.text}, then {second.text}",
            frame=client.conversation.frame,
        )


def _of_reading(trial: Trial) -> list[str]:
    """The records that a reading leaves: of the association, of the reading, or of both."""
    kinds = declared_kinds(trial, ("device_session", "device_read"))
    if not kinds:
        raise Inconclusive("neither associations with devices nor readings are recorded", missing="declaration")
    return kinds
