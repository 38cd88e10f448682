"""Faults planted in the head end's desk: they prove that the self-checks of BI.01 and BI.02 can fail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.headend.collecting import Collector
from harness.headend.collecting_faults import faulty_collectors
from harness.headend.desk import Desk, OnDemandAnswer, OnDemandRequest, PollResult, RequestRefused

__all__ = ["FAULTS", "FAULTS_OF_DESK", "DeskFault", "DeskFaults", "faulty_desk"]


class _Firing:
    """Counts how often a planted fault has shown itself in this process."""

    count = 0

    @classmethod
    def fire(cls) -> None:
        cls.count += 1


class _TakesAnything(Desk):
    """Takes requests that it cannot serve."""

    def accept(self, request: OnDemandRequest) -> int:
        try:
            return super().accept(request)
        except RequestRefused:
            _Firing.fire()
            return super().accept(
                replace(request, device=next(iter(self._polls)), registers=tuple(self._registers)[:1])
            )


class _NumbersAllAlike(Desk):
    """Gives every request the same number."""

    def accept(self, request: OnDemandRequest) -> int:
        super().accept(request)
        _Firing.fire()
        self._waiting[0] = self._waiting.pop(self._last)
        return 0


class _PollsTwice(Desk):
    """Polls the meter twice for one request."""

    def poll(self, request: OnDemandRequest) -> PollResult:
        super().poll(request)
        _Firing.fire()
        return super().poll(request)


class _PollsRefused(Desk):
    """Polls even for a request that it refused."""

    def accept(self, request: OnDemandRequest) -> int:
        try:
            return super().accept(request)
        except RequestRefused:
            _Firing.fire()
            self.poll(replace(request, device=next(iter(self._polls))))
            raise


class _LosesTime(Desk):
    """Answers without the time of reading."""

    def compose(self, number: int, result: PollResult) -> OnDemandAnswer:
        _Firing.fire()
        return replace(super().compose(number, result), time=None)


class _LosesScaler(Desk):
    """Answers the raw number without its scaler."""

    def compose(self, number: int, result: PollResult) -> OnDemandAnswer:
        _Firing.fire()
        readings = tuple(replace(reading, scaler=None) for reading in result.readings)
        return replace(super().compose(number, result), readings=readings)


class _AnswersOldData(Desk):
    """Answers the last known readings when the meter is unreachable."""

    def answer_to(self, number: int, request: OnDemandRequest) -> OnDemandAnswer:
        answer = super().answer_to(number, request)
        known = [old for old in self._answers.values() if old.error is None]
        if not answer.error or not known:
            return answer
        _Firing.fire()
        return replace(known[-1], number=number)


class _DropsPartialList(Desk):
    """Gives up the whole answer when the meter refuses one register."""

    def compose(self, number: int, result: PollResult) -> OnDemandAnswer:
        answer = super().compose(number, result)
        if not any(reading.error for reading in result.readings):
            return answer
        _Firing.fire()
        return replace(answer, readings=(), error="not all registers could be read")


class _HidesInvalidClock(Desk):
    """Does not pass on that the meter's clock is invalid."""

    def compose(self, number: int, result: PollResult) -> OnDemandAnswer:
        answer = super().compose(number, result)
        if answer.time_doubtful:
            _Firing.fire()
        return replace(answer, time_doubtful=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFault:
    """A named wrong head end; fields as for a deviation of a device."""

    name: str
    clauses: tuple[str, ...]
    about: str
    desk: type[Desk]


def _fault(name: str, clause: str, desk: type[Desk]) -> DeskFault:
    return DeskFault(name=name, clauses=(clause,), about=(desk.__doc__ or "").strip(), desk=desk)


def _collecting_fault(name: str, collector: type[Collector]) -> DeskFault:
    desk = type("DeskWithFaultyCollector", (Desk,), {"collector": collector})
    return DeskFault(name=name, clauses=("BI.02.step4",), about=(collector.__doc__ or "").strip(), desk=desk)


FAULTS: tuple[DeskFault, ...] = (
    _fault("desk-takes-anything", "BI.01.step1", _TakesAnything),
    _fault("desk-numbers-all-alike", "BI.01.step1", _NumbersAllAlike),
    _fault("desk-polls-twice", "BI.01.step2", _PollsTwice),
    _fault("desk-polls-refused", "BI.01.step2", _PollsRefused),
    _fault("desk-loses-time", "BI.01.step3", _LosesTime),
    _fault("desk-loses-scaler", "BI.01.step3", _LosesScaler),
    _fault("desk-answers-old-data", "BI.01.step3", _AnswersOldData),
    _fault("desk-drops-partial-list", "BI.01.step3", _DropsPartialList),
    _fault("desk-hides-invalid-clock", "BI.01.step3", _HidesInvalidClock),
    *(_collecting_fault(*item) for item in faulty_collectors(_Firing.fire).items()),
)


def faulty_desk(name: str | None) -> type[Desk]:
    """Return the desk class with the planted fault of that name, or the sound one for None."""
    if name is None:
        return Desk
    for fault in FAULTS:
        if fault.name == name:
            return fault.desk
    raise ValueError(f"no desk fault {name!r}; there are {', '.join(fault.name for fault in FAULTS)}")


class DeskFaults:
    """The faults as the proof engine takes them."""

    target = "head end"

    def variants(self) -> Sequence[DeskFault]:
        """A head end of ours has no variants."""
        return ()

    def fired(self) -> int:
        """Return how often a planted fault has shown itself in this process."""
        return _Firing.count

    def deviations(self) -> Sequence[DeskFault]:
        """Return all faults."""
        return FAULTS


FAULTS_OF_DESK = DeskFaults()
