"""The same facts at two doors: energy, power, time, tariff, switch, registers of errors, faults."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from pytest_bdd import given, parsers, then, when

from harness.checks.cross_door import (
    Amount,
    Bracket,
    Flag,
    Moment,
    Offset,
    Word,
    follows_change,
    same_energy,
    same_flag,
    same_power,
    same_tariff,
    same_time,
    same_word,
)
from harness.checks.judged import Breach, Undecided, Verdictless
from harness.errors import Inconclusive
from harness.headend.calendar import Zone, device_calendar
from harness.headend.facts import Kind
from harness.run.trial import Trial
from steps.doors.bracketing import bracket, brackets_of, head_end_at, main_of, old_s
from steps.tariff.calendar import margin, shown_values
from steps.tariff.shifts import Shifting

_ATTEMPTS = 3
_RUN_S = 1800.0
_RISE = Decimal("1.5")
Kinds = TypeVar("Kinds", Amount, Moment, Word, Flag)


def judge_pairs(
    trial: Trial, take: Callable[[], list[Bracket[Kinds]]], check: Callable[[Bracket[Kinds]], Verdictless]
) -> None:
    """Judge pairs; what does not agree is read again, for something may have changed just then.

    A finding is what never agrees. The bytes of both doors are shown with it.
    """
    for attempt in range(_ATTEMPTS):
        pairs = take()
        judged = [(one, check(one)) for one in pairs]
        wrong = [(one, found) for one, found in judged if isinstance(found, Breach)]
        undecided = [found for _, found in judged if isinstance(found, Undecided)]
        if not wrong and not undecided:
            return
        if attempt + 1 < _ATTEMPTS:
            continue
        for one, found in wrong:
            raise trial.fail(
                expected=found.expected, observed=found.observed, frame=one.other.frame, further=one.frames
            )
        raise Inconclusive(undecided[0].reason, missing=undecided[0].missing)


# Amounts


@given("the registers of both doors have been read")
def both_were_read(trial: Trial) -> None:
    bracket(trial, "energy")


@when("half an hour passes under that load")
def half_an_hour_passes(trial: Trial) -> None:
    trial.let_pass(trial.span_s(_RUN_S))


@then("both doors show the same energy")
def same_energy_at_both(trial: Trial) -> None:
    fresh_s = Decimal(str(trial.declaration.metering.freshness_s))
    powers: list[Decimal] = []

    def take() -> list[Bracket[Amount]]:
        compared = bracket(trial, "energy", "power")
        for fact in compared.facts:
            shown = (compared.before[fact.name], compared.after[fact.name])
            powers.extend(abs(one.value) for one in shown if fact.kind == "power" and isinstance(one, Amount))
        return brackets_of(trial, compared, "energy", Amount)

    def check(one: Bracket[Amount]) -> Verdictless:
        most_w = max([*powers, trial.applied_w]) * _RISE if powers else trial.declaration.metering.most_w
        return same_energy(one, most_w=most_w, other_old_s=old_s(trial) + fresh_s, main_old_s=fresh_s)

    judge_pairs(trial, take, check)


@then("both doors show the same power")
def same_power_at_both(trial: Trial) -> None:
    judge_pairs(trial, lambda: brackets_of(trial, bracket(trial, "power"), "power", Amount), same_power)


# Time


def offsets_at(trial: Trial, zone: Zone, one: Bracket[Moment]) -> tuple[Offset, ...]:
    """Return what may lie between UTC and the time at the scenario's door; none where nobody can tell."""
    shows = trial.door.clock_shows
    instants = [each.instant for each in (one.before, one.after) if each.instant is not None]
    if not instants or not zone.told:
        return (Offset(ahead=timedelta(), summer=None),) if shows == "local" else ()
    if shows == "utc":
        return (Offset(ahead=timedelta(), summer=None),)
    if shows == "standard":
        return (Offset(ahead=zone.standard, summer=None),)
    early = instants[0] - timedelta(seconds=float(old_s(trial)))
    ahead = {zone.offset(instant) for instant in (early, *instants)}
    return tuple(Offset(ahead=each, summer=each != zone.standard if zone.summer else None) for each in ahead)


@then("both doors show the same time")
def same_time_at_both(trial: Trial) -> None:
    main = main_of(trial)
    zones: list[Zone] = []
    if main.speaks_dlms:
        with trial.basis():
            client = head_end_at(trial, main).associate("reading")
            zones.append(device_calendar(client, trial.object("clock")))
            client.close()

    def check(one: Bracket[Moment]) -> Verdictless:
        offsets = offsets_at(trial, zones[0] if zones else Zone(standard=timedelta(), told=False), one)
        tolerance_s = trial.declaration.clock.tolerance_s
        return same_time(one, offsets, tolerance_s=tolerance_s, other_old_s=float(old_s(trial)))

    judge_pairs(trial, lambda: brackets_of(trial, bracket(trial, "time"), "time", Moment), check)


# Tariff


def tariffs_of(trial: Trial) -> list[Bracket[Word]]:
    """Read the tariff at both doors."""
    return brackets_of(trial, bracket(trial, "tariff"), "tariff", Word)


def check_tariff(trial: Trial, one: Bracket[Word]) -> Verdictless:
    """The tariff is the same as far as anybody knows how this door shows it."""
    found = same_tariff(one, shown_values(trial), trial.door.tariffs)
    if isinstance(found, Undecided) and found.missing == "declaration":
        remark = f"only changes of the tariff are compared: {found.reason}"
        if remark not in trial.remarks:
            trial.remarks.append(remark)
        return None
    return found


@when("the tariff has been read at both doors", target_fixture="tariffs_before")
def tariff_read(trial: Trial) -> list[Bracket[Word]]:
    judge_pairs(trial, lambda: tariffs_of(trial), lambda one: check_tariff(trial, one))
    return tariffs_of(trial)


@then("both doors show the other tariff from then on")
def other_tariff_at_both(trial: Trial, tariffs_before: list[Bracket[Word]], shifting: Shifting) -> None:
    trial.reach(shifting.at + margin(trial), head_end_at(trial, main_of(trial)).associate("management"))
    earlier = {one.fact: one for one in tariffs_before}
    judge_pairs(
        trial,
        lambda: tariffs_of(trial),
        lambda one: check_tariff(trial, one) or follows_change(earlier[one.fact], one),
    )


# States and bits


def words(trial: Trial, kind: Kind) -> list[Bracket[Word]]:
    """Read registers of bits at both doors."""
    return brackets_of(trial, bracket(trial, kind), kind, Word)


@then("both doors show the same error and alarm bits")
def same_bits_at_both(trial: Trial) -> None:
    judge_pairs(trial, lambda: words(trial, "registers"), same_word)


@then("both doors show the same state of the switch")
def same_switch_at_both(trial: Trial) -> None:
    judge_pairs(trial, lambda: brackets_of(trial, bracket(trial, "switch"), "switch", Flag), same_flag)


@given("the hardware has a fault")
def hardware_has_fault(trial: Trial) -> None:
    disturbance = trial.disturbance
    trial.at_the_end(lambda: disturbance.fault(present=False))
    disturbance.fault(present=True)


@then(parsers.parse("both doors tell of {fault} fault of the hardware"))
def same_fault_at_both(trial: Trial, fault: str) -> None:
    def take() -> list[Bracket[Flag]]:
        return brackets_of(trial, bracket(trial, "fault"), "fault", Flag)

    def check(one: Bracket[Flag]) -> Verdictless:
        if fault == "a" and not one.before.value:
            return Undecided(reason=f"the main door tells of no fault: {one.main}", missing="device")
        return same_flag(one)

    judge_pairs(trial, take, check)
