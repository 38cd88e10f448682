"""Actor A's request served by the device under judgement."""

from dataclasses import dataclass
from datetime import datetime

from pytest_bdd import given, parsers, then, when

from harness.checks.clock import clock_agrees, moved_on, runs_between, says_valid, status_agrees
from harness.checks.refusals import told
from harness.declaration import CosemObject
from harness.headend.client import Client
from harness.headend.desk import Desk, OnDemandAnswer, OnDemandRequest, PollResult
from harness.headend.on_demand import poll_device
from harness.headend.registers import DateTime, read_clock, read_clock_status
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


@given("the head end has read the clock", target_fixture="clock_before")
def has_read_clock(trial: Trial, client: Client) -> DateTime:
    return read_clock(client, trial.object("clock"))


@then("the time of reading is the time of the device's clock")
def time_is_of_clock(trial: Trial, client: Client, clock_before: DateTime, answer: OnDemandAnswer) -> None:
    frame = client.conversation.frame
    if answer.time is None:
        raise trial.fail(expected="the device's time with the reading", observed="none", frame=frame)
    clock_after = read_clock(client, trial.object("clock"))
    trial.judge(runs_between(clock_before, answer.time, clock_after), frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """A time with its status attribute and what it ought to have been."""

    time: DateTime
    status: int
    due: datetime
    uncertainty_s: float
    """How well ``due`` is known: the bench's time, and the time that reading took."""
    frame: int


@when(parsers.parse("the head end reads the clock before and after {seconds:d} seconds"), target_fixture="clocks")
def reads_clock_twice(trial: Trial, client: Client, seconds: int) -> list[ClockReading]:
    first = clock_reading(trial, client)
    trial.let_pass(seconds, client)
    return [first, clock_reading(trial, client)]


def clock_reading(trial: Trial, client: Client) -> ClockReading:
    """Read time and status of the clock together with the bench's time."""
    clock = trial.object("clock")
    began = trial.time.now()
    time = read_clock(client, clock)
    took = trial.time.now() - began
    frame = client.conversation.frame
    return ClockReading(
        time=time,
        status=read_clock_status(client, clock),
        due=began + took / 2,
        uncertainty_s=trial.time.uncertainty_s + took.total_seconds() / 2,
        frame=frame,
    )


@then("both times are right within the declared tolerance")
def times_are_right(trial: Trial, clocks: list[ClockReading]) -> None:
    declared = trial.declaration.clock
    first, second = clocks
    passed_s = (second.due - first.due).total_seconds()
    tolerance_s = declared.tolerance_s + first.uncertainty_s + second.uncertainty_s
    trial.judge(moved_on(first.time, second.time, passed_s, tolerance_s=tolerance_s), second.frame)
    for clock in clocks:
        trial.judge(
            clock_agrees(
                clock.time,
                clock.due,
                tolerance_s=declared.tolerance_s,
                uncertainty_s=clock.uncertainty_s,
                limit_s=declared.tolerance_s if trial.time_moves_by_hand else declared.sync_limit_s,
            ),
            clock.frame,
        )


@then("the clock calls its time valid")
def clock_calls_time_valid(trial: Trial, clocks: list[ClockReading]) -> None:
    for clock in clocks:
        trial.judge(status_agrees(clock.time, clock.status), clock.frame)
        trial.judge(says_valid(clock.time, clock.status), clock.frame)


@then(parsers.parse('the answer has one of the errors for "{condition}" and no value'))
def answer_has_error(trial: Trial, client: Client, answer: OnDemandAnswer, condition: str) -> None:
    accepted = trial.refusals(condition)
    values = [reading.value for reading in answer.readings if reading.value is not None]
    errors = [reading.error for reading in answer.readings] or [answer.error]
    if values or not set(errors) <= set(accepted):
        raise trial.fail(
            expected=f"{condition}: {told(accepted)} and no value",
            observed=f"the value {values[0]}" if values else ", ".join(map(str, errors)),
            frame=client.conversation.frame,
        )


@given("the device has lost its time")
def device_has_lost_time(trial: Trial, client: Client) -> None:
    trial.changes.clock(trial.head_end.association("management").id, trial.object("clock"))
    trial.disturbance.invalidate_clock()


@then("the answer marks its time of reading as doubtful")
def answer_is_doubtful(trial: Trial, client: Client | None, answer: OnDemandAnswer) -> None:
    if not answer.time_doubtful:
        raise trial.fail(expected="the time of reading marked as doubtful", observed=f"{answer.time}, as if valid")
