"""A deviation is a family of one wrong behaviour; a draw fixes its parameters."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from reference_meter.server.association import SessionKey

if TYPE_CHECKING:
    from reference_meter.meter import Meter

__all__ = ["Deviation", "Install", "deviation", "when_link_is_lost", "wrap"]

Install = Callable[["Meter", Random], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One wrong behaviour that a meter can be given."""

    name: str
    """By behaviour, in kebab-case."""
    clauses: tuple[str, ...]
    """The clauses that it violates."""
    about: str
    """One sentence."""
    install: Install
    """Put it in force in a fresh meter; whenever the wrong behaviour shows, the meter's ``fire`` is called."""
    variant: str | None = None
    """The right behaviour beside which it shows, where the default meter has no occasion for it."""


def deviation(name: str, *clauses: str, about: str, variant: str | None = None) -> Callable[[Install], Deviation]:
    """Make a family of the function that installs it."""

    def made(install: Install) -> Deviation:
        return Deviation(name=name, clauses=clauses, about=about, install=install, variant=variant)

    return made


def wrap(owner: object, method: str, around: Callable[..., Any]) -> None:
    """Put ``around`` in the place of a method; it is called with the original and then the arguments."""
    original = getattr(owner, method)

    @functools.wraps(original)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        return around(original, *arguments, **named)

    setattr(owner, method, wrapped)


def when_link_is_lost(meter: "Meter", tell: Callable[[SessionKey], None]) -> None:
    """Call ``tell`` for each association that ends because its link ended, without a release."""
    associations = meter.server.associations

    def close_link(original: Callable[[int], None], link_id: int) -> None:
        lost = [key for key in associations.open if key.link_id == link_id]
        original(link_id)
        for key in lost:
            tell(key)

    wrap(associations, "close_link", close_link)
