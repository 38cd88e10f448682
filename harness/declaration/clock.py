"""The device's clock: how well it is kept, how it can be adjusted, and what it makes of times that are sent to it."""

from typing import Annotated, Literal

from pydantic import Field

from harness.declaration.section import Section

__all__ = ["CLOCK_METHODS", "Clock", "ClockMethod"]

ClockMethod = Literal[
    "adjust_to_quarter",
    "adjust_to_measuring_period",
    "adjust_to_minute",
    "adjust_to_preset_time",
    "preset_adjusting_time",
    "shift_time",
]
CLOCK_METHODS: tuple[ClockMethod, ...] = (
    "adjust_to_quarter",
    "adjust_to_measuring_period",
    "adjust_to_minute",
    "adjust_to_preset_time",
    "preset_adjusting_time",
    "shift_time",
)
"""In the order of their numbers, from 1 on."""


class Clock(Section):
    """The device's clock."""

    tolerance_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    """Largest difference between a time just set and the time read back."""
    sync_limit_s: Annotated[float, Field(gt=0, le=900)] = 60.0
    """A change of more than this counts as setting the clock, up to it as synchronising."""
    dst: bool = True
    """Whether the clock knows daylight saving time."""
    methods: Annotated[tuple[ClockMethod, ...], Field(strict=False)] = CLOCK_METHODS
    """The methods that the clock object has."""
    shift_limit_s: Annotated[int, Field(ge=1, le=32_766)] = 900
    """The farthest that one call of shift_time moves the clock."""
    measuring_period_s: Annotated[int, Field(ge=60, le=86_400)] | None = None
    """What adjust_to_measuring_period adjusts to; None means the demand period and those of the load profile."""
    unspecified_deviation: Literal["local", "refused"] = "local"
    """What becomes of a time that is set without deviation: it is local time, or it is refused."""
    unconfirmed: Literal["set", "ignored"] = "set"
    """What becomes of a time that the management client sets without asking for an answer."""
    broadcast: Literal["set", "ignored"] | None = None
    """What becomes of a time that the pre-established client sets; None where the declaration does not say."""
    drift_s_per_day: Annotated[float, Field(gt=0, le=60)] | None = None
    """Largest deviation that a clock that nobody sets gathers in a day; None where the declaration does not say."""
    drift_wait_s: Annotated[int, Field(ge=60, le=31_622_400)] = 172_800
    """How long is waited for a drift to show."""
