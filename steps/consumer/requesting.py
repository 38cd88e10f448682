"""The data request of the consumer's device: telegrams come while it is there, and not otherwise."""

from collections.abc import Mapping

from pytest_bdd import parsers, then, when

from harness.errors import ConnectionLost, Silent
from harness.headend.consumer import Heard, Requested
from harness.headend.judged import DeviceLost
from harness.run.trial import Trial
from steps.consumer.listening import judge_pace, port_of

_TELEGRAMS = 6
_PERIODS = 4
_AMID: Mapping[str, bool] = {"amid a telegram": True, "before the first telegram": False}


@when(parsers.parse("the data request goes away {moment} and comes back"), target_fixture="requested")
def request_goes(trial: Trial, moment: str) -> Requested:
    port = port_of(trial)
    try:
        return port.request(_TELEGRAMS, pause_s=_PERIODS * port.settings.period_s, amid=_AMID[moment])
    except (Silent, ConnectionLost) as silence:
        if not trial.head_end.answers():
            raise DeviceLost(f"the device is down: {trial.head_end.last_failure}", missing="device") from silence
        raise trial.fail(
            expected="telegrams while they are requested", observed=str(silence), frame=port.last_record
        ) from silence


@then("nothing comes while nothing is requested")
def nothing_unasked(trial: Trial, requested: Requested) -> None:
    if requested.unasked:
        slack_s = port_of(trial).settings.request_s
        raise trial.fail(
            expected=f"no octet from {slack_s:g} s after the request has gone until it is back",
            observed=f"{len(requested.unasked)} octets",
            frame=requested.frame,
        )


@then("telegrams begin within a period of the request")
def begin_in_time(trial: Trial, requested: Requested) -> None:
    port = port_of(trial)
    settings = port.settings
    uncertainty_s = 0.0 if port.door.is_virtual else trial.line_uncertainty_s
    longest_s = settings.period_s * (1 + settings.tolerance) + settings.request_s
    if requested.began_s > longest_s + uncertainty_s:
        raise trial.fail(
            expected=f"a telegram within {longest_s:g} s of the request",
            observed=f"{requested.began_s:.3f} s (uncertainty {uncertainty_s:.3f} s)",
            frame=requested.heard.arrivals[0].frame,
        )


@then("they come at the declared pace while they are requested")
def pace_kept(trial: Trial, requested: Requested) -> None:
    heard: Heard = requested.heard
    judge_pace(trial, [one.began for one in heard.arrivals], port_of(trial).settings.period_s, heard.frame)
