"""What surrounds the device: the interfaces that scenarios ask for.

Every answer of a bench goes through the trace (``recall``), so that a replayed run gets the same answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

__all__ = [
    "Bench",
    "BenchContext",
    "Button",
    "DeviceCondition",
    "DevicesBench",
    "Disturbance",
    "Firmware",
    "FirmwareBench",
    "HandsBench",
    "LoadBench",
    "PowerBench",
    "TimeBench",
]

T = TypeVar("T")

Button = Literal["connect", "disconnect"]
"""What a person can ask of the switch at the device itself."""
DeviceCondition = Literal[
    "good", "silent", "late", "damaged", "foreign", "undecipherable", "replaying", "tampered", "power_lost"
]
"""What a device behind a gateway does: answer well, not at all, too late, damaged or under another address; and what
it announces: that somebody tampers with it, or that it loses its power and falls silent."""


Firmware = Literal["other", "former"]
"""Which firmware is installed: another one than the device has, or again the one from before."""


class TimeBench(Protocol):
    """Moves the time in which the device meters."""

    kind: str
    """``virtual``, ``accelerated`` or ``real``: what the verdict will say."""
    uncertainty_s: float
    """How far ``now`` may be from the time that the device ought to show."""

    def now(self) -> datetime:
        """The time that the device ought to show, aware, in UTC."""

    def advance(self, seconds: float) -> None:
        """Let that much metering time pass; everything due on the way happens in order."""


class LoadBench(Protocol):
    """Sets what flows through the device."""

    uncertainty_percent: float
    """Of the power that it applies."""

    def apply(self, import_w: float, export_w: float) -> None:
        """Apply this power from now on; raises ``Inconclusive`` when the bench cannot."""


class Disturbance(Protocol):
    """Other things that a bench can do to a device."""

    def invalidate_clock(self) -> None:
        """Let the device lose its time."""

    def drop_links(self) -> None:
        """Cut every connection, as a lost carrier does."""

    def fault(self, *, present: bool) -> None:
        """Let the device have a critical fault of its own, or no more."""


class PowerBench(Protocol):
    """Switches the device's own supply; while it is off every connection is dead."""

    def cut(self) -> None:
        """Take the supply away."""

    def restore(self) -> None:
        """Give the supply back."""


class HandsBench(Protocol):
    """What a person does at the device."""

    def open_seal(self) -> None:
        """Break the hardware seal, so that what is behind it can be changed."""

    def close_seal(self) -> None:
        """Seal the device again."""

    def press(self, button: Button) -> None:
        """Press a button of the device's switch."""


class DevicesBench(Protocol):
    """What the devices behind a gateway do."""

    def let_device(self, name: str, condition: DeviceCondition) -> None:
        """Let the device of this name be so from now on; what it announces it announces once."""


class FirmwareBench(Protocol):
    """Installs firmware, by whatever way the maker of the device has for it."""

    def install_firmware(self, firmware: Firmware) -> None:
        """Have it installed and in force; the device may have restarted, and lost its connections."""


@dataclass(frozen=True, kw_only=True)
class BenchContext:
    """What a bench is made from."""

    control: Callable[[dict[str, object]], dict[str, object]] | None
    """Sends one request to the bench side of a reference meter and returns its answer."""
    constant_load: tuple[float, float] | None
    """Declared import and export power in W where nobody can change it."""
    recall: Callable[[str, Callable[[], object]], object]
    """``Trace.recall``"""
    clock_uncertainty_s: float = 0.5
    """How far the computer's own clock may be from the true time."""
    lead_s: float = 20.0
    """How long before an instant a clock is set that is stepped."""
    commands: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Programs of the lab by what they do."""
    command_timeout_s: float = 60.0
    ask: Callable[[str], str | None] | None = None
    """Asks a person; None for the terminal."""
    person: str | None = None
    """Who is asked."""
    settings: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    """What the declaration sets for this bench in ``[bench.settings.<name>]``; the bench itself checks it."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The bench at one door; None where the declaration names no bench for an interface."""

    time: TimeBench | None
    load: LoadBench | None
    disturbance: Disturbance | None
    power: PowerBench | None = None
    hands: HandsBench | None = None
    devices: DevicesBench | None = None
    firmware: FirmwareBench | None = None
