"""The head end's own part of BI.01: scripted polls instead of a device, so that only the desk is checked."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from pytest_bdd import given, parsers, then, when

from harness.errors import Silent
from harness.headend.desk import Desk, OnDemandAnswer, OnDemandRequest, PollResult, Reading, RequestRefused
from harness.headend.registers import DateTime
from harness.run.trial import Trial

_READINGS = {
    "energy_import_total": Reading(register="energy_import_total", value=Decimal("123456.7"), unit="Wh", scaler=-1),
    "power_import": Reading(register="power_import", value=Decimal(250), unit="W", scaler=0),
}
_TIME = bytes.fromhex("07EA0302010B1E2D00FFC400")


@dataclass
class ScriptedMeter:
    """A meter that answers polls as the scenario says, and counts them."""

    polls: int = 0
    reachable: bool = True
    clock_valid: bool = True
    refused: set[str] = field(default_factory=set)

    def poll(self, request: OnDemandRequest) -> PollResult:
        """Answer one poll."""
        self.polls += 1
        if not self.reachable:
            raise Silent("no answer", 2.0)
        readings = tuple(
            Reading(register=name, error="dar:4") if name in self.refused else _READINGS[name]
            for name in request.registers
        )
        return PollResult(readings=readings, time=DateTime.from_octets(_TIME), clock_valid=self.clock_valid)


@dataclass
class DeskUnderCheck:
    """The desk with its meter and what came out so far."""

    desk: Desk
    meter: ScriptedMeter
    numbers: list[int] = field(default_factory=list)
    refusal: str | None = None

    @property
    def answer(self) -> OnDemandAnswer | None:
        """The answer to the latest request."""
        return self.desk.answer(self.numbers[-1]) if self.numbers else None

    def request(self, registers: str, device: str) -> None:
        """Hand in a request of Actor A."""
        names = tuple(name.strip() for name in registers.split(",") if name.strip())
        try:
            self.numbers.append(self.desk.accept(OnDemandRequest(device=device, registers=names)))
        except RequestRefused as refused:
            self.refusal = str(refused)


@pytest.fixture
def client() -> None:
    """Self-checks have no client; scenarios against a device put theirs in its place."""
    return


@given(parsers.parse('a head end that knows the device "{device}"'), target_fixture="checked")
def head_end_knows(trial: Trial, device: str) -> DeskUnderCheck:
    meter = ScriptedMeter()
    return DeskUnderCheck(desk=trial.desk({device: meter.poll}, frozenset(_READINGS)), meter=meter)


@given(parsers.re(r'Actor A has requested "(?P<registers>[^"]*)" of "(?P<device>[^"]*)"'))
@when(parsers.re(r'Actor A requests "(?P<registers>[^"]*)" of "(?P<device>[^"]*)"'))
def actor_a_requests(checked: DeskUnderCheck, registers: str, device: str) -> None:
    checked.request(registers, device)


@given(parsers.parse('Actor A has got an answer for "{registers}" of "{device}" before'))
def actor_a_got_answer(checked: DeskUnderCheck, registers: str, device: str) -> None:
    checked.request(registers, device)
    checked.desk.serve()


@given(parsers.parse('the meter refuses "{register}"'))
def meter_refuses(checked: DeskUnderCheck, register: str) -> None:
    checked.meter.refused.add(register)


@given("the clock of the meter is invalid")
def clock_is_invalid(checked: DeskUnderCheck) -> None:
    checked.meter.clock_valid = False


@when("the device becomes unreachable")
def device_unreachable(checked: DeskUnderCheck) -> None:
    checked.meter.reachable = False


@when("the head end serves its requests", target_fixture="answer")
def head_end_serves(checked: DeskUnderCheck) -> OnDemandAnswer | None:
    checked.desk.serve()
    return checked.answer


@when("the head end serves its requests twice")
def head_end_serves_twice(checked: DeskUnderCheck) -> None:
    checked.desk.serve()
    checked.desk.serve()


@then("the request has a number of its own")
def request_has_number(trial: Trial, checked: DeskUnderCheck) -> None:
    checked.request("power_import", "meter-1")
    first, second = checked.numbers
    if first == second:
        raise trial.fail(expected="a number for each request", observed=f"{first} for both")


@then("no poll has happened yet")
def no_poll_yet(trial: Trial, checked: DeskUnderCheck) -> None:
    polls_are(trial, checked, 0)


@then(parsers.re(r"the device was polled (?P<polls>\d+) times?"), converters={"polls": int})
def polls_are(trial: Trial, checked: DeskUnderCheck, polls: int) -> None:
    if checked.meter.polls != polls:
        raise trial.fail(expected=f"{polls} polls", observed=f"{checked.meter.polls}")


@then(parsers.parse("the request is refused because of {reason}"))
def request_is_refused(trial: Trial, checked: DeskUnderCheck, reason: str) -> None:
    if checked.refusal is None or not checked.refusal.startswith(reason):
        raise trial.fail(expected=f"a refusal because of {reason}", observed=checked.refusal or "the request was taken")


def given_answer(trial: Trial, checked: DeskUnderCheck) -> OnDemandAnswer:
    """Return the latest answer; having none is a finding."""
    if checked.answer is None:
        raise trial.fail(expected="an answer", observed="none")
    return checked.answer


@then("the answer has for each register value, unit and scaler as the meter gave them")
def answer_as_given(trial: Trial, checked: DeskUnderCheck) -> None:
    readings = given_answer(trial, checked).readings
    if readings != tuple(_READINGS.values()):
        raise trial.fail(expected=f"{tuple(_READINGS.values())}", observed=f"{readings}")


@then("the answer has the time of reading and the clock status as the meter gave them")
def answer_has_time(trial: Trial, checked: DeskUnderCheck) -> None:
    answer = given_answer(trial, checked)
    if answer.time is None or answer.time.to_octets() != _TIME or answer.time_doubtful:
        raise trial.fail(
            expected=f"{DateTime.from_octets(_TIME)}, not doubtful",
            observed=f"{answer.time}, {'doubtful' if answer.time_doubtful else 'not doubtful'}",
        )


@then("the answer is an error and holds no value")
def answer_is_error(trial: Trial, checked: DeskUnderCheck) -> None:
    answer = given_answer(trial, checked)
    if answer.error is None or answer.readings:
        raise trial.fail(expected="an error and no value", observed=f"{answer.readings}")


@then(parsers.parse('the answer has a value for "{register}"'))
def answer_has_value_for(trial: Trial, checked: DeskUnderCheck, register: str) -> None:
    values = [one for one in given_answer(trial, checked).readings if one.register == register]
    if values != [_READINGS[register]]:
        raise trial.fail(expected=f"{_READINGS[register]}", observed=f"{values}")


@then(parsers.parse('the answer has the meter\'s error for "{register}"'))
def answer_has_error_for(trial: Trial, checked: DeskUnderCheck, register: str) -> None:
    errors = [one.error for one in given_answer(trial, checked).readings if one.register == register]
    if errors != ["dar:4"]:
        raise trial.fail(expected="the meter's error dar:4", observed=f"{errors}")
