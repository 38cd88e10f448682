"""The head end's desk for Actor A: requests for readings in (BI.01 step 1), polls (step 2), answers out (step 3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from harness.errors import ConformeterError, DeviceError
from harness.headend.collecting import Collector
from harness.protocol.cosem import DateTime

__all__ = ["Desk", "OnDemandAnswer", "OnDemandRequest", "Poll", "PollResult", "Reading", "RequestRefused"]


class RequestRefused(ConformeterError):
    """The head end cannot serve a request of Actor A; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDemandRequest:
    """What Actor A wants: registers, by their roles, of one device."""

    device: str
    registers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One register as the meter gave it: a value with unit and scaler, or an error."""

    register: str
    value: Decimal | None = None
    """In units, scaler applied."""
    unit: str | None = None
    scaler: int | None = None
    error: str | None = None
    """Catalogue name of the meter's error, e.g. ``dar:4``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What SU3 gave: the readings and the meter's own time of reading, with its status."""

    readings: tuple[Reading, ...]
    time: DateTime | None
    clock_valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDemandAnswer:
    """What Actor A gets."""

    number: int
    readings: tuple[Reading, ...]
    time: DateTime | None
    """Time of reading by the meter's clock."""
    time_doubtful: bool
    error: str | None = None
    """Why there are no readings."""


Poll = Callable[[OnDemandRequest], PollResult]


class Desk:
    """Takes requests, polls each once and answers."""

    collector: type[Collector] = Collector
    """What collects scheduled readings (BI.02)."""

    def __init__(self, polls: Mapping[str, Poll], registers: frozenset[str]) -> None:
        self._polls = polls
        self._registers = registers
        self._waiting: dict[int, OnDemandRequest] = {}
        self._answers: dict[int, OnDemandAnswer] = {}
        self._last = 0

    def accept(self, request: OnDemandRequest) -> int:
        """Take a request (step 1) and return its number; raises ``RequestRefused``."""
        if request.device not in self._polls:
            raise RequestRefused(f"an unknown device: {request.device}")
        if not request.registers:
            raise RequestRefused("an empty request: it names no register")
        for register in request.registers:
            if register not in self._registers:
                raise RequestRefused(f"an unknown register: {register}")
        self._last += 1
        self._waiting[self._last] = request
        return self._last

    def serve(self) -> None:
        """Poll once for each waiting request (step 2) and compose its answer (step 3)."""
        for number, request in list(self._waiting.items()):
            del self._waiting[number]
            self._answers[number] = self.answer_to(number, request)

    def answer_to(self, number: int, request: OnDemandRequest) -> OnDemandAnswer:
        """Poll the device and compose the answer; a poll that fails gives an error and no value."""
        try:
            result = self.poll(request)
        except DeviceError as error:
            return OnDemandAnswer(number=number, readings=(), time=None, time_doubtful=True, error=str(error))
        return self.compose(number, result)

    def poll(self, request: OnDemandRequest) -> PollResult:
        """Invoke SU3 for one request."""
        return self._polls[request.device](request)

    def compose(self, number: int, result: PollResult) -> OnDemandAnswer:
        """Make Actor A's answer from what the meter gave."""
        return OnDemandAnswer(
            number=number,
            readings=result.readings,
            time=result.time,
            time_doubtful=not result.clock_valid or result.time is None,
        )

    def answer(self, number: int) -> OnDemandAnswer | None:
        """Return the answer to a request, or None while it waits."""
        return self._answers.get(number)
