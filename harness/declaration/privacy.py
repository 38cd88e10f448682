"""What limits the data that leave the premises."""

from typing import Annotated

from pydantic import Field

from harness.declaration.section import Section

__all__ = ["Privacy"]


class Privacy(Section):
    """Table ``[privacy]``."""

    finest_period_s: Annotated[int, Field(ge=1, le=31_622_400)] | None = None
    """Shortest period of consumption data that a client on these doors may get; None: unknown."""
