"""Which requests move the switch of the supply, for each mode of control; source: the mode table of class 70."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.checks.judged import Breach, Verdictless

__all__ = [
    "CONNECTED",
    "DISCONNECTED",
    "MODES",
    "READY",
    "Switch",
    "event_due",
    "follows_mode",
    "lasted",
    "measured",
    "target",
]

DISCONNECTED, CONNECTED, READY = 0, 1, 2
_NAMES = {DISCONNECTED: "disconnected", CONNECTED: "connected", READY: "ready for reconnection"}
# Letters of the table: which request leads from where to where.
_MOVES: Mapping[str, tuple[str, int, int]] = {
    "a": ("remote reconnect", DISCONNECTED, CONNECTED),
    "b": ("remote disconnect", CONNECTED, DISCONNECTED),
    "c": ("remote disconnect", READY, DISCONNECTED),
    "d": ("remote reconnect", DISCONNECTED, READY),
    "e": ("manual reconnect", READY, CONNECTED),
    "f": ("manual disconnect", CONNECTED, READY),
    "g": ("local disconnect", CONNECTED, READY),
    "h": ("local reconnect", READY, CONNECTED),
    "i": ("remote reconnect", READY, CONNECTED),
}
MODES: Mapping[int, str] = {
    0: "",
    1: "bcfgde",
    2: "bcfgae",
    3: "bcgde",
    4: "bcgae",
    5: "bcfgdeh",
    6: "bcgdeh",
    7: "bcgaieh",
}
"""Mode -> the moves that it allows."""
_EVENTS: Mapping[tuple[str, int], str] = {
    ("remote disconnect", DISCONNECTED): "remote_disconnection",
    ("remote reconnect", CONNECTED): "remote_connection",
    ("remote reconnect", READY): "ready_for_manual_connection",
    ("manual disconnect", READY): "manual_disconnection",
    ("manual reconnect", CONNECTED): "manual_connection",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Output and state as they were read."""

    output: bool
    state: int

    def __str__(self) -> str:
        return f"{_NAMES.get(self.state, f'state {self.state}')}, output {'on' if self.output else 'off'}"


def target(mode: int, request: str, state: int) -> int | None:
    """The state that a request leads to, None where the mode does not allow it from there."""
    for letter in MODES[mode]:
        name, start, end = _MOVES[letter]
        if (name, start) == (request, state):
            return end
    return None


def event_due(request: str, state: int) -> str | None:
    """The role of the event that notes a move to a state, None where none does."""
    return _EVENTS.get((request, state))


def follows_mode(mode: int, request: str, before: Switch, after: Switch) -> Verdictless:
    """A request leads where the mode says, or leaves the switch where it was; the output says the same as the state."""
    due = target(mode, request, before.state)
    wanted = before.state if due is None else due
    if after.state == wanted and after.output == (wanted == CONNECTED):
        return None
    allowed = "leaves it" if due is None else "leads to"
    return Breach(
        expected=f"{request} in mode {mode} on a switch that is {_NAMES[before.state]} {allowed} {_NAMES[wanted]}, "
        f"output {'on' if wanted == CONNECTED else 'off'}",
        observed=str(after),
    )


def lasted(
    at: datetime, *, began: tuple[datetime, datetime], duration_s: float, early_s: float, late_s: float, what: str
) -> Verdictless:
    """Something happened when a condition had lasted for its duration.

    ``began`` are the earliest and the latest instant at which the condition may have begun; ``early_s`` is what the
    resolution of clocks allows, ``late_s`` what is declared besides. Decision rule: simple acceptance, so that only
    what no instant within the uncertainty explains is a breach.
    """
    earliest = began[0] + timedelta(seconds=duration_s - early_s)
    latest = began[1] + timedelta(seconds=duration_s + late_s)
    if earliest <= at <= latest:
        return None
    return Breach(
        expected=f"{what} from {earliest.isoformat()} to {latest.isoformat()}, after {duration_s:g} s",
        observed=measured(at, began=began, early_s=early_s),
    )


def measured(at: datetime, *, began: tuple[datetime, datetime], early_s: float) -> str:
    """How long after its beginning something happened, with the uncertainty of that."""
    passed_s = [(at - instant).total_seconds() for instant in began]
    uncertainty_s = (passed_s[0] - passed_s[1]) / 2 + early_s
    return f"{at.isoformat()}, {sum(passed_s) / 2:.1f} s after it began (uncertainty {uncertainty_s:.1f} s)"
