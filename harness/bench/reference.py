"""The bench of a reference meter: virtual time and load, in process or over its control socket."""

from collections.abc import Callable
from datetime import datetime

from harness.bench.base import BenchContext, Button, DeviceCondition, Firmware
from harness.errors import BenchError, Inconclusive

__all__ = ["ReferenceBench", "make"]


class ReferenceBench:
    """Time, load, supply, seal and disturbances of a reference meter; exact, since its time moves only by our hand."""

    kind = "virtual"
    uncertainty_s = 0.0
    uncertainty_percent = 0.0

    def __init__(
        self,
        control: Callable[[dict[str, object]], dict[str, object]],
        recall: Callable[[str, Callable[[], object]], object],
    ) -> None:
        self._control = control
        self._recall = recall

    def _ask(self, **request: object) -> dict[str, object]:
        answer = self._recall(f"bench:{request['op']}", lambda: self._control(request))
        if isinstance(answer, dict) and answer.get("ok") is False:
            # A device behind a control socket need not have every ability.
            raise Inconclusive(f"the bench reference cannot {request['op']}: {answer.get('error')}", missing="bench")
        if not isinstance(answer, dict) or answer.get("ok") is not True:
            raise BenchError(f"the reference bench answers {answer!r} to {request['op']}")
        return answer

    def now(self) -> datetime:
        """The time that passes for the meter, whatever its clock was set to."""
        return datetime.fromisoformat(str(self._ask(op="now")["true_utc"]))

    def advance(self, seconds: float) -> None:
        """Move the metering time; costs no waiting."""
        self._ask(op="advance", seconds=seconds)

    def apply(self, import_w: float, export_w: float) -> None:
        """Apply this power from the present metering instant on."""
        self._ask(op="set_load", import_w=import_w, export_w=export_w)

    def invalidate_clock(self) -> None:
        """Let the meter lose its time."""
        self._ask(op="clock_invalid")

    def drop_links(self) -> None:
        """Cut every link of the meter."""
        self._ask(op="drop_links")

    def fault(self, *, present: bool) -> None:
        """Let the meter have a critical fault, or no more."""
        self._ask(op="fault", set=present)

    def cut(self) -> None:
        """Take the meter's supply away: links, associations and transfers are gone; time goes on."""
        self._ask(op="power_cut")

    def restore(self) -> None:
        """Give the supply back; the meter logs the outage."""
        self._ask(op="power_restore")

    def open_seal(self) -> None:
        """Open the sealed switch."""
        self._ask(op="seal", open=True)

    def close_seal(self) -> None:
        """Close the sealed switch."""
        self._ask(op="seal", open=False)

    def press(self, button: Button) -> None:
        """Press a button of the disconnector."""
        self._ask(op="button", name=button)

    def install_firmware(self, firmware: Firmware) -> None:
        """Update the firmware of the meter, or go back to the former one; it restarts."""
        self._ask(op="firmware", installed=firmware)

    def let_device(self, name: str, condition: DeviceCondition) -> None:
        """Let a meter behind the gateway behave so."""
        self._ask(op="child", name=name, condition=condition)


def make(context: BenchContext) -> ReferenceBench:
    """Make the bench; without a reference meter behind the door there is none."""
    if context.control is None:
        raise Inconclusive(
            "the reference bench needs a loop door or [bench] control in the declaration", missing="bench"
        )
    return ReferenceBench(context.control, context.recall)
