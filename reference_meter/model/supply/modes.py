"""Which request moves the switch from which state to which, for each control mode."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Literal

from reference_meter.model.event_settings import EventRole

__all__ = ["EVENTS", "MODES", "ControlState", "Request"]

Request = Literal[
    "remote_disconnect",
    "remote_reconnect",
    "manual_disconnect",
    "manual_reconnect",
    "local_disconnect",
    "local_reconnect",
]


class ControlState(IntEnum):
    """Attribute 3 of the disconnect control."""

    DISCONNECTED = 0
    CONNECTED = 1
    READY = 2
    """Disconnected, and a person may connect."""


_OFF, _ON, _READY = ControlState
Moves = Mapping[tuple[Request, ControlState], ControlState]

_REMOTE_OFF: Moves = {("remote_disconnect", _ON): _OFF, ("remote_disconnect", _READY): _OFF}
_MANUAL_OFF: Moves = {("manual_disconnect", _ON): _READY}
_LOCAL_OFF: Moves = {("local_disconnect", _ON): _READY}
_READY_BY_REMOTE: Moves = {("remote_reconnect", _OFF): _READY}
_ON_BY_REMOTE: Moves = {("remote_reconnect", _OFF): _ON}
_ON_BY_REMOTE_FROM_READY: Moves = {("remote_reconnect", _READY): _ON}
_MANUAL_ON: Moves = {("manual_reconnect", _READY): _ON}
_LOCAL_ON: Moves = {("local_reconnect", _READY): _ON}

MODES: Mapping[int, Moves] = {
    0: {},
    1: {**_REMOTE_OFF, **_MANUAL_OFF, **_LOCAL_OFF, **_READY_BY_REMOTE, **_MANUAL_ON},
    2: {**_REMOTE_OFF, **_MANUAL_OFF, **_LOCAL_OFF, **_ON_BY_REMOTE, **_MANUAL_ON},
    3: {**_REMOTE_OFF, **_LOCAL_OFF, **_READY_BY_REMOTE, **_MANUAL_ON},
    4: {**_REMOTE_OFF, **_LOCAL_OFF, **_ON_BY_REMOTE, **_MANUAL_ON},
    5: {**_REMOTE_OFF, **_MANUAL_OFF, **_LOCAL_OFF, **_READY_BY_REMOTE, **_MANUAL_ON, **_LOCAL_ON},
    6: {**_REMOTE_OFF, **_LOCAL_OFF, **_READY_BY_REMOTE, **_MANUAL_ON, **_LOCAL_ON},
    7: {**_REMOTE_OFF, **_LOCAL_OFF, **_ON_BY_REMOTE, **_ON_BY_REMOTE_FROM_READY, **_MANUAL_ON, **_LOCAL_ON},
}
"""Control mode -> (request, state) -> the state that it leads to; what is not there is not allowed."""

EVENTS: Mapping[tuple[Request, ControlState], EventRole] = {
    ("remote_disconnect", _OFF): "remote_disconnection",
    ("remote_reconnect", _ON): "remote_connection",
    ("remote_reconnect", _READY): "ready_for_manual_connection",
    ("manual_disconnect", _READY): "manual_disconnection",
    ("manual_reconnect", _ON): "manual_connection",
    ("local_disconnect", _READY): "local_disconnection",
    ("local_reconnect", _ON): "local_reconnection",
}
"""(request, new state) -> the event that notes the move."""
