"""How a meter deals with tariffs, where meters differ."""

from dataclasses import dataclass

__all__ = ["TariffSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffSettings:
    """The parameters of one meter's calendar and its indication."""

    past_is_immediate: bool = True
    """A designated time that has passed puts new shift times into force at once; else it is refused."""
    takes_any_year: bool = False
    """A designated time without a year means the next time that its date comes; else it is refused."""
    checks_at_activation: bool = False
    """Days that cannot be followed are taken, and refused when they are to come into force; else when written."""
    shown_as_text: bool = False
    """The indication is a text of four digits, else a number."""
    has_special_days: bool = True
