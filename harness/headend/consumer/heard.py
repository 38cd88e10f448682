"""What has been heard at a consumer port: telegrams with the time of their begin."""

from dataclasses import dataclass

from harness.errors import DecodeError
from harness.protocol.p1 import Telegram, crc16

__all__ = ["Arrival", "Heard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One telegram as it came; times are seconds of line time."""

    octets: bytes
    began: float
    ended: float
    frame: int
    checksum: bool
    """Whether one is due."""

    def telegram(self) -> Telegram:
        """What it says; DecodeError says what is wrong."""
        return Telegram.parse(self.octets, checksum=self.checksum)

    @property
    def error(self) -> str | None:
        """What is wrong with it."""
        try:
            self.telegram()
        except DecodeError as error:
            return str(error)
        return None

    @property
    def unspoilt(self) -> bool:
        """Whether it came as it was sent: the digits behind the exclamation mark, however written, are right."""
        body, mark, told = self.octets.rpartition(b"!")
        try:
            return bool(told) and int(told.strip(), 16) == crc16(body + mark)
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Telegrams one after the other, and what came besides."""

    arrivals: tuple[Arrival, ...]
    stray: bytes
    frame: int

    @property
    def begins(self) -> tuple[float, ...]:
        """When each began."""
        return tuple(arrival.began for arrival in self.arrivals)

    @property
    def last(self) -> Arrival:
        """The newest one."""
        return self.arrivals[-1]
