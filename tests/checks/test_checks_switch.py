"""Which requests move the switch of the supply, and when something has lasted."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.checks.judged import Breach
from harness.checks.switch import (
    CONNECTED,
    DISCONNECTED,
    MODES,
    READY,
    Switch,
    event_due,
    follows_mode,
    lasted,
    measured,
    target,
)

_BEGAN = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
_ON = Switch(output=True, state=CONNECTED)
_OFF = Switch(output=False, state=DISCONNECTED)
_READY = Switch(output=False, state=READY)


# Rows of the mode table of class 70: mode, request, state, where it leads.
@pytest.mark.parametrize(
    ("mode", "request_", "state", "leads_to"),
    [
        (1, "remote disconnect", CONNECTED, DISCONNECTED),
        (1, "remote reconnect", DISCONNECTED, READY),
        (1, "manual reconnect", READY, CONNECTED),
        (1, "manual disconnect", CONNECTED, READY),
        (1, "remote reconnect", READY, None),
        (1, "local reconnect", READY, None),
        (2, "remote reconnect", DISCONNECTED, CONNECTED),
        (3, "manual disconnect", CONNECTED, None),
        (4, "remote reconnect", DISCONNECTED, CONNECTED),
        (5, "local reconnect", READY, CONNECTED),
        (6, "manual disconnect", CONNECTED, None),
        (7, "remote reconnect", READY, CONNECTED),
        (7, "manual disconnect", CONNECTED, None),
    ],
)
def test_a_request_leads_where_the_table_says(mode: int, request_: str, state: int, leads_to: int | None) -> None:
    assert target(mode, request_, state) == leads_to


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode])
def test_every_mode_but_the_one_without_control_can_be_disconnected_remotely(mode: int) -> None:
    assert target(mode, "remote disconnect", CONNECTED) == DISCONNECTED
    assert target(mode, "remote disconnect", READY) == DISCONNECTED
    assert target(0, "remote disconnect", CONNECTED) is None


def test_a_move_that_the_mode_allows_is_followed() -> None:
    assert follows_mode(1, "remote disconnect", _ON, _OFF) is None
    assert follows_mode(1, "remote reconnect", _OFF, _READY) is None


def test_a_reconnection_that_leaves_the_person_out_is_a_breach() -> None:
    assert isinstance(follows_mode(1, "remote reconnect", _OFF, _ON), Breach)


def test_a_request_that_the_mode_does_not_allow_leaves_the_switch() -> None:
    assert follows_mode(3, "manual disconnect", _ON, _ON) is None
    assert isinstance(follows_mode(3, "manual disconnect", _ON, _READY), Breach)


def test_an_output_that_contradicts_the_state_is_a_breach() -> None:
    breach = follows_mode(1, "remote disconnect", _ON, Switch(output=True, state=DISCONNECTED))
    assert isinstance(breach, Breach)
    assert breach.observed == "disconnected, output on"


def test_moves_have_their_events() -> None:
    assert event_due("remote disconnect", DISCONNECTED) == "remote_disconnection"
    assert event_due("manual reconnect", CONNECTED) == "manual_connection"
    assert event_due("local disconnect", DISCONNECTED) is None


@pytest.mark.parametrize(("after_s", "right"), [(28.9, False), (29, True), (30, True), (33, True), (33.1, False)])
def test_what_lasts_ends_between_its_bounds(after_s: float, right: bool) -> None:
    found = lasted(
        _BEGAN + timedelta(seconds=after_s),
        began=(_BEGAN, _BEGAN + timedelta(seconds=1)),
        duration_s=30,
        early_s=1,
        late_s=2,
        what="threshold_exceeded",
    )
    assert (found is None) is right


def test_measured_time_carries_its_uncertainty() -> None:
    began = (_BEGAN, _BEGAN + timedelta(seconds=2))
    text = measured(_BEGAN + timedelta(seconds=31), began=began, early_s=1.0)
    assert text.endswith("30.0 s after it began (uncertainty 2.0 s)")
