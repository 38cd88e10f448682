"""ACCESS as a procedure over one exchange: the request, and the checks that its answer fits."""

from collections.abc import Sequence

from harness.errors import ProtocolViolation
from harness.protocol import apdu as xdlms
from harness.session.conversation import Received
from harness.session.results import AccessResult

__all__ = ["access_request", "access_results"]


def access_request(
    number: int,
    specifications: Sequence[xdlms.AccessSpecification],
    *,
    self_descriptive: bool,
    break_on_error: bool,
) -> xdlms.AccessRequest:
    """Return a confirmed request of normal priority with this number."""
    long_invoke = xdlms.ACCESS_CONFIRMED | number & xdlms.LONG_INVOKE_ID
    long_invoke |= xdlms.ACCESS_SELF_DESCRIPTIVE if self_descriptive else 0
    long_invoke |= xdlms.ACCESS_BREAK_ON_ERROR if break_on_error else 0
    return xdlms.AccessRequest(long_invoke=long_invoke, specifications=tuple(specifications))


def access_results(request: xdlms.AccessRequest, received: Received) -> tuple[AccessResult, ...]:
    """Return the results in the order of the request; raises ``ProtocolViolation`` for an answer that does not fit."""
    answer = received.answer
    if not isinstance(answer, xdlms.AccessResponse):
        raise ProtocolViolation(f"{answer.describe()} instead of access-response")
    asked = request.specifications
    # Whoever stops at an error may leave out what would have come behind it.
    stopped = bool(request.long_invoke & xdlms.ACCESS_BREAK_ON_ERROR) and any(one.result for one in answer.outcomes)
    if len(answer.outcomes) != len(asked) and not (stopped and len(answer.outcomes) < len(asked)):
        raise ProtocolViolation(f"asked for {len(asked)} things in one access, got {len(answer.outcomes)} results")
    for number, (one, outcome) in enumerate(zip(asked, answer.outcomes, strict=False), start=1):
        if outcome.kind != one.kind:
            raise ProtocolViolation(f"result {number} is {outcome.describe()}, asked for was {one.describe()}")
    if request.long_invoke & xdlms.ACCESS_SELF_DESCRIPTIVE:
        _check_description(asked, answer.specifications)
    return tuple(
        AccessResult(kind=one.kind, result=one.result, data=one.data, frame=received.frame, took_s=received.took_s)
        for one in answer.outcomes
    )


def _check_description(
    asked: Sequence[xdlms.AccessSpecification], told: Sequence[xdlms.AccessSpecification] | None
) -> None:
    if told is None:
        raise ProtocolViolation("an answer that was to describe itself comes without the specifications")
    if [one.to_bytes() for one in told] != [one.to_bytes() for one in asked]:
        raise ProtocolViolation(f"an answer that describes itself as {', '.join(one.describe() for one in told)}")
