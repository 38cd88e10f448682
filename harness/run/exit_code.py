"""The exit code of a run: what a script may rely on."""

from collections.abc import Sequence
from enum import IntEnum

from harness.run.expected import ExpectedFindings
from harness.verdict import ScenarioResult, Verdict

__all__ = ["ExitCode", "exit_code"]

_OPEN = frozenset({Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.REVIEW})


class ExitCode(IntEnum):
    """The first that applies of 3, 4, 1, 2, 0."""

    NOTHING_OPEN = 0
    FAIL = 1
    OPEN = 2
    """ERROR, INCONCLUSIVE, unanswered REVIEW, interrupted, or an expectation that is stale."""
    USAGE = 3
    NOTHING_RAN = 4


def exit_code(results: Sequence[ScenarioResult], *, interrupted: bool, expected: ExpectedFindings | None) -> ExitCode:
    """Return the code for a run that has begun; usage errors never come this far."""
    if not results:
        return ExitCode.NOTHING_RAN
    unlisted = [result for result in results if expected is None or not expected.covers(result)]
    if any(result.verdict is Verdict.FAIL for result in unlisted):
        return ExitCode.FAIL
    stale = expected.stale(results) if expected else []
    if interrupted or stale or any(result.verdict in _OPEN and result.decided != "conforms" for result in unlisted):
        return ExitCode.OPEN
    return ExitCode.NOTHING_OPEN
