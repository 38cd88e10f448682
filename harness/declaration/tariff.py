"""Tariffs: how the active one is shown, and what a designated time may be."""

from typing import Annotated, Literal

from pydantic import Field

from harness.declaration.section import Section

__all__ = ["Tariff"]


class Tariff(Section):
    """What nobody can read from the device about its tariffs."""

    past_activation: Literal["immediate", "refused"] = "immediate"
    """What a designated time does that has passed: the new shift times come into force at once, or it is refused."""
    indication: Annotated[tuple[int | str, ...], Field(strict=False, min_length=1)] | None = None
    """Values that show the active tariff, in the order of ``energy_import_tariffs``; None for the tariff's number."""
    scripts: Annotated[tuple[int, ...], Field(strict=False, min_length=2)] | None = None
    """Selectors of the scripts that put the tariffs in force, in the order of ``energy_import_tariffs``.

    Without: as script table and register activation say, and where they say nothing, 1 for the first and so on.
    """
    default_rate: int | str | None = None
    """The value that shows the tariff in force while the device does not know the time."""
    clock_set_back: Literal["followed", "kept"] = "followed"
    """What happens when the clock is set back over a shift: the tariff of before it again, or none until the next."""
    wildcard_activation: Literal["taken", "refused"] | None = None
    """What a designated time without a year does: it acts when its date comes, or it is refused; None: either."""
    switches: Annotated[int, Field(ge=1, le=100)] | None = None
    """How many shifts a day profile holds; without, more than four are not tried."""
    unordered_shifts: Literal["refused", "taken"] = "refused"
    """What happens to a day profile whose times fall or are alike: refused, or taken in whatever sense."""
    tolerance_s: Annotated[float, Field(ge=0, le=5)] = 1.0
    """How far a shift or an activation may be from its time."""
