"""What has been heard at a consumer port: telegrams with the time of their begin."""

from dataclasses import dataclass, field

from harness.errors import DecodeError
from harness.headend.consumer.layouts import PortLayout, Told

__all__ = ["Arrival", "Heard", "Requested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One telegram as it came; times are seconds of line time."""

    octets: bytes
    began: float
    ended: float
    frame: int
    layout: PortLayout = field(repr=False)

    def telegram(self) -> Told:
        """What it says; DecodeError says what is wrong."""
        return self.layout.read(self.octets)

    @property
    def error(self) -> str | None:
        """What is wrong with it."""
        try:
            self.telegram()
        except DecodeError as error:
            return str(error)
        return None

    @property
    def counter(self) -> int | None:
        """The invocation counter of an enciphered one; None where it cannot be opened or is not enciphered."""
        try:
            opened = self.layout.opened(self.octets)
        except DecodeError:
            return None
        return None if opened is None else opened.counter

    @property
    def unspoilt(self) -> bool:
        """Whether it surely came as it was sent."""
        return self.layout.unspoilt(self.octets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Telegrams one after the other, and what came besides."""

    arrivals: tuple[Arrival, ...]
    stray: bytes
    frame: int

    @property
    def last(self) -> Arrival:
        """The newest one."""
        return self.arrivals[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """What came of a data request that went away and came back."""

    unasked: bytes
    """What came while nothing was requested, after the time that the meter has to act on it."""
    frame: int
    """Number of the record of these octets."""
    began_s: float
    """From the request to the begin of the first telegram."""
    heard: Heard
    """From the request on."""
