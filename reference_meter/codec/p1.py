"""P1 telegrams: lines, and the whole with its checksum."""

from collections.abc import Iterable

__all__ = ["checksum", "line", "telegram", "text"]


def _table_entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


_TABLE = tuple(map(_table_entry, range(256)))


def checksum(octets: bytes) -> int:
    """The checksum over all from the slash to the exclamation mark."""
    value = 0
    for octet in octets:
        value = value >> 8 ^ _TABLE[(value ^ octet) & 0xFF]
    return value


def line(address: str, *values: str) -> str:
    """One line: values in brackets behind an address."""
    return address + "".join(f"({value})" for value in values)


def text(octets: bytes) -> str:
    """A text as it stands in a line: two digits for each character."""
    return octets.hex().upper()


def telegram(identification: str, lines: Iterable[str], *, checked: bool) -> bytes:
    """The octets of a telegram."""
    body = "\r\n".join((f"/{identification}", "", *lines, "!")).encode("ascii")
    end = f"{checksum(body):04X}" if checked else ""
    return body + f"{end}\r\n".encode("ascii")
