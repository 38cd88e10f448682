"""The bench of a real device without further equipment: time passes by itself, the load is what it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from harness.bench.base import BenchContext
from harness.bench.computer_clock import TRUSTED_UNCERTAINTY_S
from harness.errors import Inconclusive

__all__ = ["RealtimeBench", "make"]


class RealtimeBench:
    """Waits for real; its load is the declared constant one, if any."""

    kind = "real"
    uncertainty_percent = 1.0

    def __init__(
        self,
        constant_load: tuple[float, float] | None,
        recall: Callable[[str, Callable[[], object]], object],
        sleep: Callable[[float], None] = time.sleep,
        *,
        uncertainty_s: float = TRUSTED_UNCERTAINTY_S,
    ) -> None:
        self.uncertainty_s = uncertainty_s
        self._constant_load = constant_load
        self._recall = recall
        self._sleep = sleep

    def now(self) -> datetime:
        """The computer's time."""
        return datetime.fromisoformat(str(self._recall("bench:now", lambda: datetime.now(UTC).isoformat())))

    def advance(self, seconds: float) -> None:
        """Wait that long."""
        self._recall("bench:advance", lambda: self._sleep(seconds))

    def apply(self, import_w: float, export_w: float) -> None:
        """Accept the declared constant load, nothing else."""
        if self._constant_load is None:
            raise Inconclusive(
                "the load of the device cannot be set; declare [bench.constant_load] or another load bench",
                missing="bench",
            )
        if (import_w, export_w) != self._constant_load:
            raise Inconclusive(
                f"needs {import_w:g} W import and {export_w:g} W export; "
                f"the declared constant load is {self._constant_load[0]:g} W and {self._constant_load[1]:g} W",
                missing="bench",
            )


def make(context: BenchContext) -> RealtimeBench:
    """Make the bench."""
    return RealtimeBench(context.constant_load, context.recall, uncertainty_s=context.clock_uncertainty_s)
