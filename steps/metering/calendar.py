"""The device's calendar as scenarios need it."""

from harness.errors import Inconclusive
from harness.headend.calendar import Zone, device_calendar
from harness.headend.client import Client
from harness.run.trial import Trial

_AROUND_CHANGE_S = 5 * 86_400.0


def calendar_of(trial: Trial, client: Client) -> Zone:
    """Return the device's calendar.

    Around a change of summer time nobody can tell the instants of a clock that shows no deviation. Where time is
    moved by hand those days pass first; else it is ``Inconclusive``.
    """
    clock = trial.object("clock")
    try:
        return device_calendar(client, clock)
    except Inconclusive:
        if not trial.time_moves_by_hand:
            raise
    trial.let_pass(_AROUND_CHANGE_S, client)
    return device_calendar(client, clock)
