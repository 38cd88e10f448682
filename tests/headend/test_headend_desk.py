"""The desk for Actor A: what it takes, what it polls, what it answers, and that each planted fault shows."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from harness.checks.profile import ProfileRow
from harness.errors import LabError, Silent
from harness.headend.desk import Desk, OnDemandRequest, PollResult, Reading, RequestRefused
from harness.headend.desk_faults import FAULTS, FAULTS_OF_DESK, faulty_desk
from harness.protocol.cosem import DateTime

TIME = DateTime.from_utc(datetime(2026, 3, 2, 10, tzinfo=UTC))
ENERGY = Reading(register="energy", value=Decimal("1.5"), unit="Wh", scaler=-1)
REFUSED = Reading(register="power", error="dar:4")


class Meter:
    """Stands behind the desk and counts its polls."""

    def __init__(self) -> None:
        self.polls: list[OnDemandRequest] = []
        self.readings: tuple[Reading, ...] = (ENERGY,)
        self.clock_valid = True
        self.fault: Exception | None = None

    def poll(self, request: OnDemandRequest) -> PollResult:
        self.polls.append(request)
        if self.fault is not None:
            raise self.fault
        return PollResult(readings=self.readings, time=TIME, clock_valid=self.clock_valid)


@pytest.fixture
def meter() -> Meter:
    return Meter()


def desk_of(meter: Meter, kind: type[Desk] = Desk) -> Desk:
    return kind({"meter-1": meter.poll}, frozenset({"energy", "power"}))


def request(*registers: str, device: str = "meter-1") -> OnDemandRequest:
    return OnDemandRequest(device=device, registers=registers or ("energy",))


def test_request_gets_a_number_of_its_own_and_no_poll_yet(meter: Meter) -> None:
    desk = desk_of(meter)
    numbers = [desk.accept(request()) for _ in range(3)]
    assert len(set(numbers)) == 3
    assert meter.polls == []
    assert desk.answer(numbers[0]) is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (request(device="meter-9"), "an unknown device: meter-9"),
        (OnDemandRequest(device="meter-1", registers=()), "an empty request"),
        (request("energy", "nothing"), "an unknown register: nothing"),
    ],
    ids=["device", "empty", "register"],
)
def test_request_that_cannot_be_served_is_refused_and_polls_nothing(
    meter: Meter, wrong: OnDemandRequest, why: str
) -> None:
    desk = desk_of(meter)
    with pytest.raises(RequestRefused, match=why):
        desk.accept(wrong)
    desk.serve()
    assert meter.polls == []


def test_each_request_is_polled_once_and_answered_as_the_meter_said(meter: Meter) -> None:
    desk = desk_of(meter)
    meter.readings = (ENERGY, REFUSED)
    number = desk.accept(request("energy", "power"))
    desk.serve()
    desk.serve()
    assert meter.polls == [request("energy", "power")]
    answer = desk.answer(number)
    assert answer is not None
    assert (answer.readings, answer.time, answer.time_doubtful, answer.error) == (
        (ENERGY, REFUSED),
        TIME,
        False,
        None,
    )


def test_unreachable_meter_gives_an_error_and_no_old_value(meter: Meter) -> None:
    desk = desk_of(meter)
    desk.accept(request())
    desk.serve()
    meter.fault = Silent("nothing", 2.0)
    number = desk.accept(request())
    desk.serve()
    answer = desk.answer(number)
    assert answer is not None
    assert (answer.readings, answer.time, answer.error) == ((), None, "nothing")


@pytest.mark.parametrize("fault", [LabError("no line"), ZeroDivisionError("ours")])
def test_trouble_of_the_lab_or_of_ours_is_not_taken_for_an_unreachable_meter(meter: Meter, fault: Exception) -> None:
    desk = desk_of(meter)
    meter.fault = fault
    desk.accept(request())
    with pytest.raises(type(fault)):
        desk.serve()


def test_invalid_clock_makes_the_time_doubtful(meter: Meter) -> None:
    desk = desk_of(meter)
    meter.clock_valid = False
    number = desk.accept(request())
    desk.serve()
    answer = desk.answer(number)
    assert answer is not None
    assert answer.time_doubtful


def behaviour(kind: type[Desk]) -> list[object]:
    """Put a desk through everything that requests can meet and return all that can be seen from outside."""
    meter = Meter()
    desk = desk_of(meter, kind)
    seen: list[object] = []

    def ask(wanted: OnDemandRequest) -> None:
        try:
            number = desk.accept(wanted)
        except RequestRefused as refused:
            seen.append(str(refused))
        else:
            desk.serve()
            seen.extend((number, desk.answer(number)))
        seen.append(len(meter.polls))

    for wanted in (request(), request(), request(device="meter-9"), request("nothing")):
        ask(wanted)
    meter.readings = (ENERGY, REFUSED)
    ask(request("energy", "power"))
    meter.clock_valid = False
    ask(request())
    meter.fault = Silent("nothing", 2.0)
    ask(request())
    return [*seen, *collecting(kind)]


def collecting(kind: type[Desk]) -> list[object]:
    """Let a desk collect scheduled readings of which some are lost and one was never made."""
    due = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(1, 7)]
    polls: list[tuple[datetime, datetime]] = []

    def poll(since: datetime, until: datetime) -> list[ProfileRow]:
        polls.append((since, until))
        gone = {due[1], due[4], due[5]} if len(polls) == 1 else {due[4]}
        return [ProfileRow(time=one, values=(one.hour,)) for one in due if since <= one <= until and one not in gone]

    collector = kind.collector(poll)
    collector.collect(due[0], due[-1])
    found = collector.gaps(due), collector.fill(due)
    collector.collect(due[0], due[-1])
    return [*found, polls, collector.sets]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_planted_fault_shows_and_says_so(fault: object) -> None:
    (planted,) = [one for one in FAULTS if one is fault]
    fired_before = FAULTS_OF_DESK.fired()
    assert behaviour(planted.desk) != behaviour(Desk)
    assert FAULTS_OF_DESK.fired() > fired_before
    assert planted.about
    assert planted.clauses[0].startswith(("BI.01.step", "BI.02.step"))


def test_sound_desk_fires_nothing() -> None:
    fired_before = FAULTS_OF_DESK.fired()
    assert behaviour(faulty_desk(None)) == behaviour(Desk)
    assert FAULTS_OF_DESK.fired() == fired_before


def test_faults_by_name() -> None:
    assert faulty_desk(None) is Desk
    assert faulty_desk(FAULTS[0].name) is FAULTS[0].desk
    with pytest.raises(ValueError, match="no desk fault 'x'; there are desk-"):
        faulty_desk("x")
    assert list(FAULTS_OF_DESK.deviations()) == list(FAULTS)
    assert list(FAULTS_OF_DESK.variants()) == []
