"""Telegrams one after the other: their times, their energy, and tariffs beside their total."""

from collections.abc import Mapping

from pytest_bdd import then, when

from harness.checks.consumer import has_form
from harness.checks.telegram_row import adds_up, does_not_fall, goes_on
from harness.errors import DecodeError, Inconclusive, NotApplicable
from harness.headend.consumer import Address, Arrival, Heard, Quantity, Told
from harness.run.trial import Trial
from steps.consumer.enciphered import heard_until_twice
from steps.consumer.facts import quantity_of
from steps.consumer.listening import port_of, telegrams_heard

_DIRECTIONS: Mapping[int, str] = {1: "energy_import_tariffs", 2: "energy_export_tariffs"}
_ENERGY = 8
_PRESENT = 255
_HEARINGS = 5
_PERIODS_APART = 12


def _readable(heard: Heard) -> list[tuple[Told, Arrival]]:
    """Telegrams that can be read; those that cannot are judged by their form."""
    found = []
    for arrival in heard.arrivals:
        try:
            found.append((arrival.telegram(), arrival))
        except DecodeError:
            continue
    if not found:
        raise Inconclusive("no telegram can be read", missing="device")
    return found


def _energy_in(telegram: Told) -> list[Address]:
    """Registers of energy in and out, in all and by tariff."""
    return [one for one in telegram.addresses if (one.a, one.b, one.d) == (1, 0, _ENERGY) and one.c in _DIRECTIONS]


@when("telegrams of each list are heard", target_fixture="heard")
def each_list_heard(trial: Trial) -> Heard:
    return heard_until_twice(trial) if port_of(trial).longer else telegrams_heard(trial)


@when("telegrams are heard over some time", target_fixture="timed")
def heard_over_time(trial: Trial) -> list[tuple[Arrival, float]]:
    """Telegrams with the seconds at which they began: of the line, or of the bench where that moves the time."""
    if not trial.time_moves_by_hand:
        return [(arrival, arrival.began) for arrival in telegrams_heard(trial).arrivals]
    found = []
    first = trial.time.now()
    for _ in range(_HEARINGS):
        found.append((telegrams_heard(trial).last, (trial.time.now() - first).total_seconds()))
        trial.let_pass(_PERIODS_APART * port_of(trial).settings.period_s)
    return found


@then("their times go on as they come")
def times_go_on(trial: Trial, timed: list[tuple[Arrival, float]]) -> None:
    port = port_of(trial)
    readable = [(arrival, began) for arrival, began in timed if arrival.error is None]
    stamps = [(stamp, began) for one, began in readable if (stamp := one.telegram().time) is not None]
    if readable and not stamps:
        raise NotApplicable("no time stands in the telegram", item="doors.objects")
    judged = goes_on(
        [stamp for stamp, _ in stamps],
        [began for _, began in stamps],
        old_s=port.settings.oldest_s + trial.declaration.clock.tolerance_s,
        uncertainty_s=0.0 if port.door.is_virtual else trial.line_uncertainty_s,
    )
    trial.judge(judged, timed[-1][0].frame)


@then("numbers in them have their declared form")
def numbers_have_form(trial: Trial, heard: Heard) -> None:
    for told, arrival in _readable(heard):
        for address, form in port_of(trial).settings.formats.items():
            for value in told.values(Address.parse(address)) or ():
                # A reading of another meter has its time in front.
                if "*" in value or "*" not in form:
                    trial.judge(has_form(value, form, address), arrival.frame)


@then("energy in them does not fall")
def energy_does_not_fall(trial: Trial, heard: Heard) -> None:
    rows: dict[Address, list[Quantity]] = {}
    for told, arrival in _readable(heard):
        for address in _energy_in(told):
            rows.setdefault(address, []).append(quantity_of(trial, told, address, "Wh", arrival.frame))
    if not rows:
        raise NotApplicable("no energy stands in the telegram", item="doors.objects")
    for address, values in rows.items():
        trial.judge(does_not_fall(values, str(address)), heard.frame)


@then("tariffs in them make up their total")
def tariffs_make_up_total(trial: Trial, heard: Heard) -> None:
    judged_any = False
    for told, arrival in _readable(heard):
        energy = {one: quantity_of(trial, told, one, "Wh", arrival.frame) for one in _energy_in(told)}
        for group, role in _DIRECTIONS.items():
            total = energy.get(Address(1, 0, group, _ENERGY, 0))
            rates = {str(one): value for one, value in energy.items() if one.c == group and one.e and one.f == _PRESENT}
            if total is None or not rates:
                continue
            judged_any = True
            every = set(rates) >= _declared(trial, role)
            trial.judge(adds_up(total, rates, every_rate=every, about=f"1-0:{group}.8.0"), arrival.frame)
    if not judged_any:
        raise NotApplicable("no telegram has a total and its tariffs", item="doors.objects")


def _declared(trial: Trial, role: str) -> set[str]:
    """Addresses of all registers of a role, as telegrams have them; one that none has where they are not declared."""
    registers = trial.declaration.objects_of(role)
    if not isinstance(registers, tuple):
        return {""}
    return {str(Address(*map(int, one.obis.split(".")))) for one in registers}
