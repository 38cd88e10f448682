"""Waits until entries of a log can be told apart."""

from harness.headend.client import Client
from harness.headend.event_log import read_event_log
from harness.run.trial import Trial

_OTHER_SECOND_S, _OTHER_MINUTE_S = 2, 61


def await_other_time(trial: Trial, client: Client, log: str) -> None:
    """Wait until another entry would say another time than those that the log has; some write no seconds."""
    entries = read_event_log(client, trial.declaration, log)
    minutes = any(entry.time.second is None for entry in entries)
    trial.wait(_OTHER_MINUTE_S if minutes else _OTHER_SECOND_S, client)


def step_on(trial: Trial) -> None:
    """Where time stands still unless it is moved, let the next entry say another time than those that there are."""
    if trial.time_moves_by_hand:
        trial.let_pass(_OTHER_SECOND_S)
