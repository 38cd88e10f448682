"""What the consumer's device knows of a port: how telegrams are found among octets, and how they are read."""

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Protocol

from harness.declaration import Door
from harness.declaration.door_p1 import ConsumerParameters, HanParameters
from harness.errors import DecodeError
from harness.protocol.p1 import Address, Quantity, Stamp, Telegram, TelegramReader, crc16
from harness.protocol.push import (
    Deciphered,
    Envelope,
    EnvelopeReader,
    Layout,
    Opened,
    PushedList,
    PushReader,
    apdu_in_frames,
)

__all__ = ["PortLayout", "Reader", "Told", "layout_of"]


class Told(Protocol):
    """What a telegram says, in whatever layout it came."""

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses in their order."""

    @property
    def time(self) -> Stamp | None:
        """When it was made."""

    @property
    def tariff(self) -> int | None:
        """The tariff that it shows."""

    def values(self, address: Address) -> tuple[str, ...] | None:
        """The values of an address; None where it is not there."""

    def quantity(self, address: Address) -> Quantity | None:
        """The quantity of an address; None where there is none."""


class Reader(Protocol):
    """Finds telegrams among octets that come as they come."""

    stray: bytes

    @property
    def begun(self) -> bool:
        """Whether the begin of a telegram has come and its end has not."""

    def receive_data(self, octets: bytes) -> list[bytes]:
        """Take octets and give the telegrams that are whole with them."""


class PortLayout(ABC):
    """How one port tells what it tells."""

    def __init__(self, settings: ConsumerParameters, deciphered: Deciphered) -> None:
        self._deciphered = deciphered
        key, authentication = settings.encryption_key, settings.authentication_key
        title = settings.system_title
        self.title = None if title is None else bytes.fromhex(title)
        self.envelope: Envelope | None = None
        if key is not None:
            self.envelope = Envelope(
                encryption_key=key.reveal(),
                authentication_key=None if authentication is None else authentication.reveal(),
                system_title=self.title,
                deciphered=deciphered,
            )

    @abstractmethod
    def reader(self) -> Reader:
        """A fresh reader."""

    @abstractmethod
    def message(self, octets: bytes) -> bytes:
        """What the link carries, still enciphered where it is; DecodeError says what is wrong."""

    @abstractmethod
    def told(self, plain: bytes) -> Told:
        """What a deciphered telegram says; DecodeError says what is wrong."""

    def opened(self, octets: bytes) -> Opened | None:
        """What is in the envelope; None where the port has none. DecodeError says what is wrong."""
        return None if self.envelope is None else self.envelope.open(self.message(octets))

    def read(self, octets: bytes) -> Told:
        """What a telegram says; DecodeError says what is wrong."""
        opened = self.opened(octets)
        return self.told(self.message(octets) if opened is None else opened.plain)

    def plain(self, octets: bytes) -> bytes:
        """All octets that somebody with the keys sees; those on the line where they cannot be opened."""
        try:
            opened = self.opened(octets)
        except DecodeError:
            opened = None
        return octets if opened is None else octets + opened.plain

    def is_read_with(self, key: bytes, octets: bytes) -> bool:
        """Whether a telegram makes sense when it is deciphered with another key."""
        # Without the authentication key a text shows itself by what it says.
        other = Envelope(
            encryption_key=key, authentication_key=None, system_title=self.title, deciphered=self._deciphered
        )
        try:
            self.told(other.open(self.message(octets)).plain)
        except (DecodeError, ValueError):
            return False
        return True

    def unspoilt(self, octets: bytes) -> bool:
        """Whether a telegram surely came as it was sent, whatever it says."""
        try:
            self.opened(octets)
        except DecodeError:
            return False
        return self.envelope is not None and self.envelope.authentication_key is not None


class _Telegrams(PortLayout):
    """P1, enciphered or not."""

    def __init__(self, settings: ConsumerParameters, deciphered: Deciphered) -> None:
        super().__init__(settings, deciphered)
        self._checksum = settings.checksum

    def reader(self) -> Reader:
        return TelegramReader() if self.envelope is None else EnvelopeReader(self.title)

    def message(self, octets: bytes) -> bytes:
        return octets

    def told(self, plain: bytes) -> Told:
        return Telegram.parse(plain, checksum=self._checksum)

    def unspoilt(self, octets: bytes) -> bool:
        """The digits behind the exclamation mark, however written, are right."""
        if self.envelope is not None:
            return super().unspoilt(octets)
        body, mark, told = octets.rpartition(b"!")
        try:
            return bool(told) and int(told.strip(), 16) == crc16(body + mark)
        except ValueError:
            return False


class _Pushes(PortLayout):
    """Data-notifications in HDLC frames, enciphered or not."""

    def __init__(self, settings: HanParameters, deciphered: Deciphered) -> None:
        super().__init__(settings, deciphered)
        scales = {Address.parse(address): _scale(text) for address, text in settings.scales.items()}
        lists = (settings.objects, *(longer.objects for longer in settings.longer))
        self._layouts = [
            Layout(form=settings.form, objects=tuple(map(Address.parse, objects)), scales=scales) for objects in lists
        ]

    def reader(self) -> Reader:
        return PushReader()

    def message(self, octets: bytes) -> bytes:
        return apdu_in_frames(octets)

    def told(self, plain: bytes) -> Told:
        return PushedList.parse(plain, self._layouts)

    def unspoilt(self, octets: bytes) -> bool:
        """Its frames are whole: their check sequences are right."""
        try:
            apdu_in_frames(octets)
        except DecodeError:
            return False
        return True


def layout_of(door: Door, deciphered: Deciphered) -> PortLayout:
    """The layout that is declared for a consumer port."""
    return _Pushes(door.han, deciphered) if door.protocol == "han" else _Telegrams(door.p1, deciphered)


def _scale(text: str) -> tuple[int, str]:
    """A power of ten and a unit, as declarations have them."""
    factor, unit = text.split()
    return Decimal(factor).adjusted(), unit
