"""Messages of the local port as the meter hears and says them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = [
    "ACKNOWLEDGED",
    "BREAK",
    "NOT_ACKNOWLEDGED",
    "RATES",
    "Command",
    "Heard",
    "MessageScanner",
    "Nonsense",
    "Select",
    "SignOn",
    "check_of",
    "data_message",
    "error_message",
    "heard_on_line",
    "password_request",
]

ACKNOWLEDGED: Final = b"\x06"
NOT_ACKNOWLEDGED: Final = b"\x15"
BREAK: Final = b"\x01B0\x03\x71"
RATES: Final = {"0": 300, "1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600, "6": 19200}
"""Rate characters of mode C, in baud."""

_SOH, _STX, _ETX = 0x01, 0x02, 0x03
_LONGEST_SIGN_ON = 39
_LONGEST_COMMAND = 512
_SELECT_OCTETS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """A request message; an empty address means every meter."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """An option select message."""

    protocol: str
    rate: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command whose check is right, e.g. name ``R1`` and data ``1.8.0()``."""

    name: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonsense:
    """A message that has begun as one and is none: wrong check, wrong form, too long."""

    why: str
    octets: bytes = b""
    """Those of a command."""


Heard = SignOn | Select | Command | Nonsense | bytes
"""``bytes`` is a single ACK or NAK."""


def check_of(octets: bytes) -> int:
    """The check character over what stands behind the first SOH or STX."""
    check = 0
    for octet in octets:
        check ^= octet
    return check


def data_message(text: str) -> bytes:
    """STX, text, ETX and check."""
    body = text.encode("ascii") + bytes([_ETX])
    return bytes([_STX]) + body + bytes([check_of(body)])


def error_message(number: int) -> bytes:
    """An error message with a number of two digits."""
    return data_message(f"(ER{number:02})")


def password_request(operand: str) -> bytes:
    """What the meter says when programming mode begins."""
    body = b"P0" + bytes([_STX]) + f"({operand})".encode("ascii") + bytes([_ETX])
    return bytes([_SOH]) + body + bytes([check_of(body)])


def heard_on_line(octets: bytes, sent: tuple[int, str], heard: tuple[int, str]) -> bytes:
    """What octets sent at one rate and framing are for whoever listens at another.

    Bit 7 is set in a character of seven bits whose parity is wrong. Between unlike rates nothing is left of them.
    """
    if sent[0] != heard[0]:
        return bytes((octet * 7 + 0x9B) & 0x7F | 0x80 for octet in octets[: max(1, len(octets) * heard[0] // sent[0])])
    if sent[1] == heard[1]:
        return octets
    if sent[1].startswith("7"):
        return bytes(octet & 0x7F | (octet & 0x7F).bit_count() % 2 << 7 for octet in octets)
    return bytes(octet & 0x7F | octet.bit_count() % 2 << 7 for octet in octets)


class MessageScanner:
    """Cuts what is heard into messages; octets in between belong to none and are dropped."""

    def __init__(self) -> None:
        self._octets = bytearray()

    def forget(self) -> None:
        """Give up an unfinished message."""
        self._octets.clear()

    @property
    def unfinished(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._octets)

    def scan(self, data: bytes) -> Iterator[Heard]:
        """Give every whole message."""
        for octet in data:
            if octet == 0x2F and not (self._octets and self._octets[0] == _SOH):
                self._octets.clear()
            self._octets.append(octet)
            if self._octets[0] not in (0x2F, _SOH, 0x06, 0x15):
                self._octets.clear()
                continue
            heard = self._whole()
            if heard is not None:
                self._octets.clear()
                yield heard

    def _whole(self) -> Heard | None:
        octets = bytes(self._octets)
        if octets[0] == 0x2F:
            return self._sign_on(octets)
        if octets[0] == _SOH:
            return self._command(octets)
        if octets[0] == 0x15:
            return NOT_ACKNOWLEDGED
        return self._select(octets)

    @staticmethod
    def _sign_on(octets: bytes) -> Heard | None:
        if len(octets) > _LONGEST_SIGN_ON:
            return Nonsense(why="a request that is too long")
        if not octets.endswith(b"\r\n"):
            return None
        if not octets.startswith(b"/?") or not octets.endswith(b"!\r\n") or max(octets) > 0x7E:
            return Nonsense(why="no request message")
        return SignOn(address=octets[2:-3].decode("ascii"))

    @staticmethod
    def _select(octets: bytes) -> Heard | None:
        if len(octets) < _SELECT_OCTETS:
            return None
        if not octets.endswith(b"\r\n") or not octets[1:4].isalnum() or not octets.isascii():
            return Nonsense(why="no option select message")
        chosen = octets[1:4].decode("ascii")
        return Select(protocol=chosen[0], rate=chosen[1], mode=chosen[2])

    @staticmethod
    def _command(octets: bytes) -> Heard | None:
        if len(octets) > _LONGEST_COMMAND:
            return Nonsense(why="a command that is too long")
        if len(octets) < 2 or octets[-2] != _ETX:
            return None
        body, check = octets[1:-1], octets[-1]
        head, stx, data = body[:-1].partition(bytes([_STX]))
        if check_of(body) != check or max(octets) > 0x7F:
            return Nonsense(why="wrong check", octets=octets)
        if len(head) != 2 or not head.isalnum() or (stx and not data.isascii()):
            return Nonsense(why="no command")
        return Command(name=head.decode("ascii"), data=data.decode("ascii"))
