"""Sets of data that the device stores at regular times: when, how late, and what becomes of them."""

from typing import Annotated, Literal

from pydantic import Field

from harness.declaration.section import Section

__all__ = ["Billing"]


class Billing(Section):
    """How sets are closed; which intervals there are the profiles' roles say."""

    late_closing: Literal["at_power_up", "none"] = "at_power_up"
    """What becomes of a set whose time comes while the supply is off: it is stored when it returns, or never."""
    clock_forward: Literal["stores", "none"] = "stores"
    """What becomes of a set whose time is leapt over when the clock is set forward."""
    clock_back: Literal["once", "marked"] | None = None
    """What becomes of a set whose time comes again: nothing, or a set that its status marks; None for either."""
    dst_gap: Literal["stores", "none"] = "stores"
    """What becomes of a set whose time falls into the hour that is left out in spring."""
    lock_out_s: Annotated[float, Field(ge=0, le=86_400)] | None = None
    """So long after a closing another one is refused to every client; 0 where nothing is refused."""
    closing_script: Annotated[int, Field(ge=1, le=0xFFFF)] | Literal["absent"] | None = None
    """Number of the script by which a client ends the billing period; ``absent`` where clients cannot."""
    counter_step: Annotated[int, Field(ge=1, le=100)] = 1
    """By how much a closing moves the billing counter."""
    week_day: Annotated[int, Field(ge=1, le=7)] = 1
    """Day at whose beginning the weekly set is stored, 1 being Monday."""
    month_day: Annotated[int, Field(ge=1, le=28)] = 1
    """Day at whose beginning the billing set of a month is stored."""
    status: bool = True
    """Whether the billing set of a month holds a status."""
    configurable_schedule: bool = True
    """Whether the management client can change when the billing set is stored."""
