"""Good exchanges around a negative scenario, and a device that lives before the next scenario begins."""

from contextlib import suppress

from harness.errors import ConformeterError, Inconclusive
from harness.headend.judged import DeviceLost
from harness.run.trial import Trial

__all__ = ["begin_well", "end_well"]


def begin_well(trial: Trial) -> None:
    """Make sure that the device lives before a negative scenario; ``DeviceLost`` where nothing brings it back."""
    if not _is_negative(trial) or trial.door_side.answers() or trial.door_side.recover():
        return
    raise DeviceLost(
        f"no good exchange before {trial.meta.key} ({trial.door_side.last_failure}), and nothing brings the device "
        f"back{trial.door_side.hint}",
        missing="device",
    )


def end_well(trial: Trial, error: BaseException | None) -> tuple[BaseException | None, str | None]:
    """Close what the scenario opened, end a negative one in a good exchange and bring back what went down.

    Returns what the scenario ended with, where the first error stays, and why the run must stop, if it must.
    """
    stimulus = trial.trace.last_request
    trial.trace.begin_step("end of the scenario")
    lost = isinstance(error, DeviceLost)
    for part in (trial.end, trial.door_side.close_all, trial.head_end.close_all):
        try:
            part()
        except Exception as late:
            error = error or late
    if lost:
        return error, None
    try:
        if trial.door_side.judge.left_down:
            return error, None if trial.door_side.recover() else str(_gone(trial, stimulus))
        if _is_negative(trial) and not trial.door_side.answers():
            return _after_silence(trial, error, stimulus)
    except Exception as late:
        error = error or late
    finally:
        # A converter that serves one connection at a time would let nobody in beside one that is left open.
        with suppress(ConformeterError):
            trial.door_side.close_all()
    return error, None


def _is_negative(trial: Trial) -> bool:
    return not trial.meta.positive and not trial.meta.self_check


def _after_silence(trial: Trial, error: BaseException | None, stimulus: str) -> tuple[BaseException | None, str | None]:
    """The closing good exchange failed: once by the line, or the device was down, or it is gone for good."""
    why = trial.door_side.last_failure
    if trial.door_side.answers_after_rest():
        reason = f"the good exchange after the scenario ended once with: {why}; it was good when repeated"
        return error or Inconclusive(reason, missing="line"), None
    cycles = trial.life_log.power_cycles
    if not trial.door_side.recover():
        gone = _gone(trial, stimulus)
        return error or gone, str(gone)
    if trial.life_log.power_cycles > cycles:
        reason = (
            f"{_gone(trial, stimulus).reason}; a power cycle brought it back, so it may have been switched off before"
        )
        return error or Inconclusive(reason, missing="device"), None
    found = trial.fail(
        expected="the device to answer a good exchange after the scenario",
        observed=f"no answer; it came back after recovery ({why})",
    )
    return error or found, None


def _gone(trial: Trial, stimulus: str) -> DeviceLost:
    return DeviceLost(
        f"the device does not come back after {trial.meta.key}, where it was last asked {stimulus or 'nothing'}: "
        f"{trial.door_side.last_failure}",
        missing="device",
    )
