"""Application layer: what a slave's telegram says, with its header and the errors that it may report."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from harness.errors import DecodeError
from harness.protocol.mbus.address import SECONDARY_OCTETS, SecondaryAddress
from harness.protocol.mbus.authentication import AUTHENTICATION_LAYER, AuthenticationLayer
from harness.protocol.mbus.encryption import Configuration, decrypted
from harness.protocol.mbus.fixed import records_of_fixed
from harness.protocol.mbus.frame import LongFrame
from harness.protocol.mbus.record import Record, Records, records_from_bytes

__all__ = ["ApplicationError", "Header", "Information", "Status", "Telegram", "slave_of", "telegram_of"]


class Information:
    """Values of the control information octet."""

    APPLICATION_RESET = 0x50
    COMMAND = 0x51
    SELECT = 0x52
    SYNCHRONISE = 0x54
    ERRORS = (0x6E, 0x6F, 0x70)
    RESPONSE_LONG_HEADER = 0x72
    RESPONSE_SHORT_HEADER = 0x7A
    RESPONSE_NO_HEADER = 0x78
    RESPONSE_FIXED = 0x73
    ALARMS = (0x71, 0x74, 0x75)
    FIRST_BAUD_RATE = 0xB8


_ERROR_NAMES: Final = {
    0x00: "unspecified",
    0x01: "unimplemented ci",
    0x02: "buffer too long",
    0x03: "too many records",
    0x04: "premature end of record",
    0x05: "too many dife",
    0x06: "too many vife",
    0x08: "application busy",
    0x09: "too many readouts",
    0x10: "access denied",
    0x11: "unknown",
    0x12: "wrong parameter",
    0x14: "decryption error",
}


class Status:
    """Bits of the status octet."""

    APPLICATION = 0x03
    BUSY = 0x01
    ANY_ERROR = 0x02
    ABNORMAL = 0x03
    LOW_POWER = 0x04
    PERMANENT_ERROR = 0x08
    TEMPORARY_ERROR = 0x10


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Header of a response; a short one does not say who the slave is."""

    address: SecondaryAddress | None
    access_number: int
    status: int
    configuration: Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationError:
    """A slave says what was wrong with the last command."""

    code: int | None
    """None where the telegram has no code."""

    @property
    def name(self) -> str:
        """Spelled as answers are in a declaration, after ``mbus:``."""
        return _ERROR_NAMES.get(-1 if self.code is None else self.code, f"code {self.code}").replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """Header and records of one response."""

    header: Header
    content: Records

    @property
    def records(self) -> tuple[Record, ...]:
        """All records in their order."""
        return self.content.records


_HEADER_OCTETS: Final = 4
"""Access number, status and configuration."""


def slave_of(frame: LongFrame) -> SecondaryAddress | None:
    """Return who sent a response, None where a short header or an error does not say it; nothing is deciphered."""
    information, data = frame.information, frame.data
    if information == AUTHENTICATION_LAYER:
        _, message = AuthenticationLayer.pull(data)
        information, data = (message[0], message[1:]) if message else (information, b"")
    if information != Information.RESPONSE_LONG_HEADER:
        return None
    return SecondaryAddress.from_bytes(data[:SECONDARY_OCTETS])


def _as_produced(produce: Callable[[], bytes]) -> bytes:
    return produce()


def telegram_of(
    frame: LongFrame,
    *,
    key: bytes | None = None,
    address: SecondaryAddress | None = None,
    deciphering: Callable[[Callable[[], bytes]], bytes] = _as_produced,
) -> Telegram | ApplicationError:
    """Decode a slave's response; DecodeError for what is none, or is enciphered without ``key``.

    ``address`` is who the slave is, where a short header does not say it and the cipher needs it. ``deciphering`` gets
    what checks and deciphers records, and gives these.
    """
    information, data = frame.information, frame.data
    layer: AuthenticationLayer | None = None
    if information == AUTHENTICATION_LAYER:
        layer, message = AuthenticationLayer.pull(data)
        if not message:
            raise DecodeError("nothing comes behind the authentication layer", len(data))
        information, data = message[0], message[1:]
    if information in Information.ERRORS:
        if len(data) > 1:
            raise DecodeError(f"an application error with {len(data)} octets", 1)
        return ApplicationError(code=data[0] if data else None)
    if information == Information.RESPONSE_LONG_HEADER:
        if len(data) < SECONDARY_OCTETS:
            raise DecodeError("the telegram ends within its header", len(data))
        address, rest = SecondaryAddress.from_bytes(data[:SECONDARY_OCTETS]), data[SECONDARY_OCTETS:]
        is_long = True
    elif information == Information.RESPONSE_SHORT_HEADER:
        rest, is_long = data, False
    elif information == Information.RESPONSE_NO_HEADER:
        plain = Header(address=None, access_number=0, status=0, configuration=Configuration(word=0))
        return Telegram(header=plain, content=records_from_bytes(data))
    elif information == Information.RESPONSE_FIXED:
        return _fixed(data)
    else:
        raise DecodeError(f"control information {information:#04x} is no response with records", 0)
    if len(rest) < _HEADER_OCTETS:
        raise DecodeError("the telegram ends within its header", len(data))
    configuration, body = Configuration.pull(rest[2:])
    header = Header(
        address=address if is_long else None,
        access_number=rest[0],
        status=rest[1],
        configuration=configuration,
    )
    proved = bytes((information,)) + data

    def in_plain() -> bytes:
        if layer is not None and key is not None and address is not None:
            layer.check(key, address.to_bytes()[:4], proved)
        counter = None if layer is None else layer.counter
        return decrypted(configuration, body, key, address, header.access_number, counter)

    enciphered = layer is not None or configuration.encrypted_octets > 0
    content = deciphering(in_plain) if enciphered else in_plain()
    return Telegram(header=header, content=records_from_bytes(content))


def _fixed(data: bytes) -> Telegram:
    """Decode the structure of old slaves, whose status has other meanings in its two lowest bits."""
    content = records_of_fixed(data)
    header = Header(
        address=None,
        access_number=data[_HEADER_OCTETS],
        status=data[_HEADER_OCTETS + 1] & ~Status.APPLICATION,
        configuration=Configuration(word=0),
    )
    return Telegram(header=header, content=content)
