"""Whether a device whose clock a run has set shows the right time when the run is over."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from harness.declaration import CosemObject
from harness.errors import ConformeterError
from harness.headend.registers import read_clock
from harness.run.run import Run

__all__ = ["ClockAtEnd", "clock_at_end"]

_STEPPING_BENCH: Final = "clock_setting"
_RESOLUTION_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAtEnd:
    """What was found."""

    off_s: float | None
    """Device's time minus the computer's, None where it could not be told."""
    right: bool
    """Whether that is within the declared tolerance and the uncertainty."""
    problem: str | None = None
    """Why nothing could be told, or by how much the clock is off."""

    def to_json(self) -> dict[str, Any]:
        """As it stands in ``environment.json``."""
        return asdict(self)


def clock_at_end(run: Run) -> ClockAtEnd | None:
    """Read the clock once more over the first door; None where nobody was to set it."""
    declaration = run.declaration
    clock = declaration.object("clock")
    if declaration.bench.time != _STEPPING_BENCH or run.replayed is not None or not isinstance(clock, CosemObject):
        return None
    if not declaration.dlms_doors:
        return None
    run.trace.begin("run:clock")
    head_end = run.head_end(declaration.dlms_doors[0], clause="MF.6")
    try:
        shown = read_clock(head_end.associate("management"), clock).utc()
    except ConformeterError as error:
        return ClockAtEnd(off_s=None, right=False, problem=f"the clock cannot be read at the end of the run: {error}")
    finally:
        head_end.close_all()
    if shown is None:
        return ClockAtEnd(off_s=None, right=True, problem="the clock shows no deviation, so it cannot be compared")
    off_s = (shown - datetime.now(UTC)).total_seconds()
    right = abs(off_s) <= declaration.clock.tolerance_s + run.computer_clock.uncertainty_s + _RESOLUTION_S
    problem = None if right else f"the device's clock is {off_s:+.1f} s off at the end of the run"
    return ClockAtEnd(off_s=off_s, right=right, problem=problem)
