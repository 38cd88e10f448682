"""The same facts at the consumer port and over DLMS: energy, power, tariff, switch, limit, time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from pytest_bdd import given, parsers, then, when

from harness.checks.consumer import lies_between, shows_time, steady
from harness.checks.energy import follows_load
from harness.declaration import CosemObject
from harness.errors import Inconclusive, NotApplicable
from harness.headend.calendar import device_calendar, device_zone
from harness.headend.client import Client, item
from harness.headend.consumer import Address, Quantity, Told
from harness.headend.limiter import ACTIVE
from harness.headend.registers import RegisterValue, read_register, read_scaler_unit
from harness.run.trial import Trial
from steps.consumer.listening import newest, port_of
from steps.metering.registration import apply
from steps.supply.limiting import Limiting
from steps.tariff.calendar import Tariffs, margin, shown_values
from steps.tariff.shifts import Shifting

_VALUE, _OUTPUT = 2, 2
_ROLES = {
    "energy": ("energy_import_total", "energy_import_tariffs", "energy_export_total", "energy_export_tariffs"),
    "power": ("power_import", "power_export"),
}
_HOUR_S = Decimal(3600)
_RISE = Decimal("1.5")
_STEPS_TO_BE_SEEN = 20
_SHORTEST_RUN_S = 600
_TARIFF, _SWITCH, _LIMIT = Address(0, 0, 96, 14, 0), Address(0, 0, 96, 3, 10), Address(0, 0, 17, 0, 0)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A telegram between two readings of registers over DLMS, by address in the telegram, in Wh or W."""

    telegram: Told
    before: dict[Address, RegisterValue]
    after: dict[Address, RegisterValue]
    frame: int

    def resolution(self, address: Address, found: Quantity) -> Decimal:
        """The coarser one of both doors."""
        return max(found.resolution, self.before[address].scaler_unit.resolution)


def registers_told(trial: Trial, kind: str, telegram: Told) -> dict[Address, CosemObject]:
    """The declared registers that a telegram tells of too: those with the same code."""
    found: dict[Address, CosemObject] = {}
    for role in _ROLES[kind]:
        declared = trial.declaration.objects_of(role)
        for register in declared if isinstance(declared, tuple) else ():
            for address in telegram.addresses:
                if address.obis == register.obis:
                    found[address] = register
    if not found:
        raise NotApplicable(f"no declared register of {kind} stands in the telegram too", item="doors.objects")
    return found


def quantity_of(trial: Trial, telegram: Told, address: Address, unit: str, frame: int) -> Quantity:
    """A quantity of a telegram in the unit that is due."""
    quantity = telegram.quantity(address)
    if quantity is None or quantity.base_unit != unit:
        raise trial.fail(expected=f"{address} in {unit}", observed=f"{telegram.values(address)}", frame=frame)
    return quantity


@given(parsers.parse("a load of {import_w:d} W in and {export_w:d} W out flows"))
def load_in_and_out(trial: Trial, import_w: int, export_w: int) -> None:
    apply(trial, import_w, export_w)


@when(parsers.parse("{kind} is read over DLMS, at the port and over DLMS again"), target_fixture="around")
def read_around(trial: Trial, client: Client, kind: str) -> Around:
    known, _ = newest(trial)
    registers = registers_told(trial, kind, known)

    def readings() -> dict[Address, RegisterValue]:
        with trial.basis():
            return {at: read_register(client, one, trial.clause) for at, one in registers.items()}

    before = readings()
    telegram, frame = newest(trial)
    return Around(telegram=telegram, before=before, after=readings(), frame=frame)


@then("the port shows the same energy")
def same_energy(trial: Trial, around: Around) -> None:
    powers = [around.telegram.quantity(Address(1, 0, group, 7, 0)) for group in (1, 2)]
    most_w = max([one.in_base_unit for one in powers if one is not None], default=Decimal(0))
    most_w = max(most_w, trial.applied_w) * _RISE
    old_s = Decimal(str(port_of(trial).settings.oldest_s + trial.declaration.metering.freshness_s))
    for address, before in around.before.items():
        found = quantity_of(trial, around.telegram, address, "Wh", around.frame)
        judged = lies_between(
            found.in_base_unit,
            before.value,
            around.after[address].value,
            resolution=around.resolution(address, found),
            may_move=most_w * old_s / _HOUR_S,
            about=f"{address} in Wh",
        )
        trial.judge(judged, around.frame)


@then("the port shows the same power in the right direction")
def same_power(trial: Trial, around: Around) -> None:
    for address, register in around.before.items():
        found = quantity_of(trial, around.telegram, address, "W", around.frame)
        before, after = register.value, around.after[address].value
        resolution = around.resolution(address, found)
        trial.judge(steady(before, after, resolution, f"{address}"), around.frame)
        spread = max(before, after) / 50
        judged = lies_between(
            found.in_base_unit, before, after, resolution=resolution, may_move=spread, about=f"{address} in W"
        )
        trial.judge(judged, around.frame)


@then("energy in the telegrams rises as the load has it")
def energy_follows_load(trial: Trial, client: Client) -> None:
    first, frame = newest(trial)
    groups = [one for one in first.addresses if (one.a, one.b, one.c, one.d) == (1, 0, 1, 8)]
    totals = [one for one in groups if one.e == 0] or groups
    if not totals:
        raise NotApplicable("no imported energy stands in the telegram", item="doors.objects")
    began = trial.time.now()
    resolution = sum((quantity_of(trial, first, one, "Wh", frame).resolution for one in totals), Decimal(0))
    steps_s = int(_STEPS_TO_BE_SEEN * resolution * _HOUR_S / trial.applied_w)
    trial.let_pass(max(_SHORTEST_RUN_S, steps_s), client)
    last, frame = newest(trial)
    passed = Decimal(str((trial.time.now() - began).total_seconds()))
    moved = sum(
        (
            quantity_of(trial, last, one, "Wh", frame).in_base_unit
            - quantity_of(trial, first, one, "Wh", frame).in_base_unit
            for one in totals
        ),
        Decimal(0),
    )
    expectation = trial.expectation(seconds=passed, resolution_wh=resolution)
    trial.judge(follows_load(moved, expectation), frame)


# Tariff, limit, switch


def _told(trial: Trial, address: Address, read: Callable[[Told], Found]) -> tuple[Found, int]:
    telegram, frame = newest(trial)
    if telegram.values(address) is None:
        raise NotApplicable(f"{address} does not stand in the telegram", item="doors.objects")
    return read(telegram), frame


def judge_tariff(trial: Trial, position: int) -> None:
    """The port shows the tariff at a position of the declared ones, in the way of this door where it has one."""
    declared: Sequence[int | str] = trial.door.tariffs or shown_values(trial)
    due = _number_of(declared[position])
    found, frame = _told(trial, _TARIFF, lambda telegram: telegram.tariff)
    if found != due:
        raise trial.fail(expected=f"the tariff {due} at the port", observed=f"{found}", frame=frame)


def _number_of(tariff: int | str) -> int:
    """Return a tariff as telegrams tell it: text of digits as their number, a letter as its code."""
    if isinstance(tariff, int) or tariff.isdecimal():
        return int(tariff)
    if len(tariff) != 1:
        raise Inconclusive(f"nothing says how the port tells tariff {tariff!r} (doors.tariffs)", missing="declaration")
    return ord(tariff)


@then("the port shows the tariff before it until then")
def tariff_before(trial: Trial, client: Client, tariffs: Tariffs, shifting: Shifting) -> None:
    judge_tariff(trial, tariffs.now_rate)
    if trial.metering_now(client) > shifting.at - margin(trial):
        raise Inconclusive("listening took longer than the time left", missing="bench")


@then("the port shows the tariff after it from then on")
def tariff_after(trial: Trial, client: Client, tariffs: Tariffs, shifting: Shifting) -> None:
    trial.reach(shifting.at + margin(trial), client)
    judge_tariff(trial, tariffs.other_rate)


@then(parsers.parse("the port shows the switch {state}"))
def shows_switch(trial: Trial, client: Client, state: str) -> None:
    with trial.basis():
        output = client.read(item(trial.object("disconnector"), _OUTPUT)).value
    if output is not (state == "connected"):
        raise Inconclusive(f"the switch is not {state}", missing="device")
    found, frame = _told(trial, _SWITCH, lambda telegram: telegram.values(_SWITCH))
    due = "1" if state == "connected" else "0"
    if found is None or found[0] not in ((due,) if due == "1" else (due, "2")):
        raise trial.fail(expected=f"the switch {state} ({due}) at the port", observed=f"{found}", frame=frame)


@then("the port shows the limit in force")
def shows_limit(trial: Trial, client: Client, limiting: Limiting) -> None:
    found, frame = _told(trial, _LIMIT, lambda telegram: telegram.quantity(_LIMIT))
    with trial.basis():
        active = client.read(item(limiting.limiter, ACTIVE))
        scaler_unit = read_scaler_unit(client, limiting.limits.watched, trial.clause)
    if found is None or found.base_unit != "W" or limiting.limits.accumulates:
        raise Inconclusive("the limit at the port is no power", missing="device")
    due = scaler_unit.applied(active)
    judged = lies_between(
        found.in_base_unit, due, due, resolution=found.resolution, may_move=Decimal(0), about="a limit in W"
    )
    trial.judge(judged, frame)


# Time


@then("the port shows the time of the clock")
def shows_clock(trial: Trial, client: Client) -> None:
    with trial.basis():
        zone = device_calendar(client, trial.object("clock"))
        before = trial.metering_now(client)
    telegram, frame = newest(trial)
    with trial.basis():
        after = trial.metering_now(client)
    stamp = telegram.time
    if stamp is None:
        raise NotApplicable("no time stands in the telegram", item="doors.objects")
    shifts = {zone.offset(instant) != zone.standard for instant in (before, after)}
    judged = shows_time(
        stamp.local,
        stamp.summer,
        zone.local(before),
        zone.local(after),
        shifts if zone.summer is not None else (True, False),
        old_s=port_of(trial).settings.oldest_s + trial.declaration.clock.tolerance_s,
    )
    trial.judge(judged, frame)


@when(parsers.parse("the next change of summer time {change} has passed"))
def change_has_passed(trial: Trial, client: Client, change: str) -> None:
    with trial.basis():
        zone = device_zone(client, trial.object("clock"))
    at = zone.next_dst_change(trial.unvisited(client), "forward" if change == "forward" else "back")
    if at is None:
        raise NotApplicable("the clock knows no summer time", item="objects.clock")
    trial.reach(at + margin(trial), client)
