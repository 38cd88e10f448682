"""Deviations and variants, found by the entry points of group ``conformeter.faults``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol

__all__ = ["Deviation", "Variant", "default_exceptions", "installed_deviations", "installed_variants"]

_GROUP = "conformeter.faults"
_HEAD_END = "head end"
_METER = "reference"


class FaultProvider(Protocol):
    """What an entry point gives."""

    def deviations(self) -> Sequence[Any]:
        """Return objects with name, clauses and about."""

    def variants(self) -> Sequence[Any]:
        """Return objects with name, about, options, declaration and exceptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A named wrong behaviour and where it is planted."""

    name: str
    clauses: tuple[str, ...]
    about: str
    in_head_end: bool
    device: str = _METER
    """The loop device on whose bundled declaration it is proved."""
    variant: str | None = None
    """The right behaviour beside which it shows, where the default one has no occasion for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A named right behaviour with the declaration that fits it."""

    name: str
    about: str
    options: Mapping[str, str]
    declaration: Mapping[str, Any]
    exceptions: Mapping[str, str]
    """Scenario id -> why it may end INCONCLUSIVE or NOT_APPLICABLE there."""
    device: str = _METER
    """The loop device on whose bundled declaration it is proved."""


def default_exceptions() -> Mapping[str, str]:
    """Return the scenarios (id and row) that find nothing to judge on any reference device, with the reason."""
    return {id_: reason for one in _providers() for id_, reason in getattr(one, "nowhere_to_judge", dict)().items()}


def _providers() -> list[FaultProvider]:
    return [entry.load() for entry in sorted(entry_points(group=_GROUP), key=lambda entry: entry.name)]


def _device_of(fault: object, provider: FaultProvider) -> str:
    """Return what a fault says, else its provider, else the meter."""
    return str(getattr(fault, "device", getattr(provider, "device", _METER)))


def installed_deviations() -> tuple[Deviation, ...]:
    """Return all deviations, those of devices and those of our own head end."""
    return tuple(
        Deviation(
            name=one.name,
            clauses=tuple(one.clauses),
            about=one.about,
            in_head_end=getattr(provider, "target", None) == _HEAD_END,
            device=_device_of(one, provider),
            variant=getattr(one, "variant", None),
        )
        for provider in _providers()
        for one in provider.deviations()
    )


def installed_variants() -> tuple[Variant, ...]:
    """Return all variants."""
    return tuple(
        Variant(
            name=one.name,
            about=one.about,
            options=one.options,
            declaration=one.declaration,
            exceptions=one.exceptions,
            device=_device_of(one, provider),
        )
        for provider in _providers()
        for one in provider.variants()
    )
