"""How one meter limits and switches the supply."""

from dataclasses import dataclass, field

from reference_meter.model.supply.modes import MODES

__all__ = ["LimiterSettings", "SupplySettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimiterSettings:
    """What the limiter leaves the factory with."""

    threshold: int = 1_000_000
    """In units of the monitored value, far above what a house takes."""
    emergency_threshold: int = 500_000
    over_s: int = 60
    under_s: int = 60
    reconnects: bool = False
    """Whether it connects again by itself once the value has stayed below for ``under_s``."""
    reclosings: int = 3
    """How often in a row it does, until somebody else connects or a parameter is written."""
    set_begins_anew: bool = False
    """Whether a threshold that is set begins the duration anew of a value that is above it."""
    of_average: bool = False
    """Whether it watches the average of the last demand period instead of the power."""
    groups: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplySettings:
    """The switch and the limiter of one meter."""

    has_switch: bool = True
    has_limiter: bool = True
    mode: int = 4
    modes: tuple[int, ...] = tuple(MODES)
    """The control modes that can be chosen."""
    limiter: LimiterSettings = field(default_factory=LimiterSettings)
