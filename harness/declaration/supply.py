"""What the device declares about its limiter and the switch of its supply."""

from typing import Annotated, Literal

from pydantic import Field

from harness.declaration.section import Section

__all__ = ["DisconnectorBehaviour", "LimiterBehaviour"]

ControlMode = Annotated[int, Field(ge=0, le=7)]


class LimiterBehaviour(Section):
    """The limiter."""

    threshold_reading: Literal["value", "crossing", "both"] = "both"
    """What "set or cleared" means of a threshold: its value, its condition, or both; the other is not judged."""
    clear: Literal["highest", "zero", "none"] = "highest"
    """How a threshold is removed: by the largest value that the device takes, by 0, or in no way."""
    cleared_by: Annotated[int, Field(ge=0, le=0xFFFFFFFF)] | None = None
    """The value that removes a threshold, where it is another one."""
    highest_threshold: Annotated[int, Field(ge=1, le=0xFFFFFFFF)] | None = None
    """The largest threshold that the device takes, in its own units; None where that is not known."""
    same_value_logged: bool | None = None
    """Whether writing the present value again is noted; None: either way is right."""
    set_begins_anew: bool | None = None
    """Whether a threshold that is set begins the duration anew of a value that is above it; None: either is right."""
    timing_tolerance_s: Annotated[float, Field(ge=0, le=60)] = 1.0
    """How much later than its duration the limiter may act."""
    reconnects: bool = False
    """Whether it connects again by itself once the value has stayed below."""
    reclosings: Annotated[int, Field(ge=0, le=1000)] | None = None
    """How often in a row it connects again by itself; None where that is not known."""
    disconnects_to: Literal["ready", "disconnected", "either"] = "ready"
    """The state in which it leaves a switch: ready for reconnection, or disconnected."""
    emergency_profile: bool = True
    """Whether there is an emergency profile."""
    monitor_thresholds: bool = False
    """Whether thresholds of a register monitor are such thresholds too; without a limiter they are anyway."""


class DisconnectorBehaviour(Section):
    """The switch of the supply."""

    modes: Annotated[tuple[ControlMode, ...], Field(strict=False)] | None = None
    """Control modes that can be chosen; None: found by trying."""
    buttons: bool = True
    """Whether a person can ask the switch for something at the device."""
    moves_within_s: Annotated[float, Field(ge=0, le=60)] = 2.0
    """How long after a request output and state may take to follow."""
