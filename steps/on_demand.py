"""Actor A's request served by the device under judgement."""

from dataclasses import dataclass
from datetime import datetime

from pytest_bdd import given, parsers, then, when

from harness.checks.clock import clock_agrees, moved_on, status_agrees
from harness.declaration import CosemObject
from harness.errors import BenchError, Refused
from harness.headend.client import Client, item
from harness.headend.desk import Desk, OnDemandAnswer, OnDemandRequest, PollResult
from harness.headend.on_demand import poll_device
from harness.headend.registers import DateTime, clock_data, read_clock, read_clock_status
from harness.headend.requests import unannounced_object
from harness.run.trial import Trial

_DEVICE = "the device"


@when(parsers.parse('Actor A\'s request for "{role}" is served by this device'), target_fixture="answer")
def request_is_served(trial: Trial, client: Client, role: str) -> OnDemandAnswer:
    return served(trial, client, role, {role: trial.object(role)})


@when(
    "Actor A's request for a register that the device does not announce is served by this device",
    target_fixture="answer",
)
def request_for_unknown_is_served(trial: Trial, client: Client) -> OnDemandAnswer:
    unknown = unannounced_object(client.announced_codes())
    return served(trial, client, "unannounced", {"unannounced": unknown})


def served(trial: Trial, client: Client, role: str, objects: dict[str, CosemObject]) -> OnDemandAnswer:
    """Send one request of Actor A through the desk to the device."""
    clock = trial.object("clock")

    def poll(request: OnDemandRequest) -> PollResult:
        return poll_device(client, request, objects, clock, trial.clause)

    desk = Desk({_DEVICE: poll}, frozenset(objects))
    number = desk.accept(OnDemandRequest(device=_DEVICE, registers=(role,)))
    desk.serve()
    answer = desk.answer(number)
    if answer is None:
        raise ValueError("the desk served a request and has no answer")
    return answer


@then("the answer has a value with unit and scaler")
def answer_has_value(trial: Trial, client: Client, answer: OnDemandAnswer) -> None:
    if answer.error is not None:
        raise trial.fail(expected="a reading", observed=answer.error, frame=client.conversation.frame)
    for reading in answer.readings:
        if reading.value is None or reading.unit is None or reading.scaler is None:
            raise trial.fail(
                expected=f"value, unit and scaler of {reading.register}",
                observed=reading.error or "none",
                frame=client.conversation.frame,
            )


@then("the time of reading is the time of the device's clock")
def time_is_of_clock(trial: Trial, client: Client, answer: OnDemandAnswer) -> None:
    frame = client.conversation.frame
    if answer.time is None:
        raise trial.fail(expected="the device's time with the reading", observed="none", frame=frame)
    now = read_clock(client, trial.object("clock"))
    trial.judge(moved_on(answer.time, now, 0.0, tolerance_s=trial.declaration.clock.tolerance_s), frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """A time with its status attribute and what it ought to have been."""

    time: DateTime
    status: int
    due: datetime
    frame: int


@when(parsers.parse("the head end reads the clock before and after {seconds:d} seconds"), target_fixture="clocks")
def reads_clock_twice(trial: Trial, client: Client, seconds: int) -> list[ClockReading]:
    first = clock_reading(trial, client)
    trial.time.advance(seconds)
    return [first, clock_reading(trial, client)]


def clock_reading(trial: Trial, client: Client) -> ClockReading:
    """Read time and status of the clock together with the bench's time."""
    clock = trial.object("clock")
    time = read_clock(client, clock)
    frame = client.conversation.frame
    return ClockReading(time=time, status=read_clock_status(client, clock), due=trial.time.now(), frame=frame)


@then("both times are right within the declared tolerance")
def times_are_right(trial: Trial, clocks: list[ClockReading]) -> None:
    for clock in clocks:
        trial.judge(
            clock_agrees(
                clock.time,
                clock.due,
                tolerance_s=trial.declaration.clock.tolerance_s,
                uncertainty_s=trial.time.uncertainty_s,
            ),
            clock.frame,
        )


@then("the clock status says valid in both places")
def clock_status_valid(trial: Trial, clocks: list[ClockReading]) -> None:
    for clock in clocks:
        trial.judge(status_agrees(clock.time, clock.status), clock.frame)


@then(parsers.parse('the answer has one of the errors for "{condition}" and no value'))
def answer_has_error(trial: Trial, client: Client, answer: OnDemandAnswer, condition: str) -> None:
    accepted = trial.accepted_answers(condition)
    (reading,) = answer.readings
    if reading.value is not None or reading.error not in accepted:
        raise trial.fail(
            expected=f"{condition}: {' or '.join(accepted)} and no value",
            observed=reading.error or f"the value {reading.value}",
            frame=client.conversation.frame,
        )


@given("the device has lost its time")
def device_has_lost_time(trial: Trial, client: Client) -> None:
    trial.at_the_end(lambda: set_clock(trial))
    trial.disturbance.invalidate_clock()


def set_clock(trial: Trial) -> None:
    """Give the device its time again, through the management client."""
    clock = trial.object("clock")
    trial.head_end.close_all()
    management = trial.head_end.associate("management")
    deviation_min = read_clock(management, clock).deviation_min
    due = DateTime.from_utc(trial.time.now(), deviation_min or 0)
    try:
        management.set(item(clock, 2), clock_data(due))
    except Refused as refused:
        raise BenchError(f"the clock could not be set again: {refused}") from refused
    management.close()


@then("the answer marks its time of reading as doubtful")
def answer_is_doubtful(trial: Trial, client: Client | None, answer: OnDemandAnswer) -> None:
    if not answer.time_doubtful:
        raise trial.fail(expected="the time of reading marked as doubtful", observed=f"{answer.time}, as if valid")
