"""What no hand-held unit would send: sign-ons and commands that are spoilt, and dialogues that nobody ends."""

from collections.abc import Callable, Mapping
from typing import Final

from harness.errors import NotApplicable
from harness.headend.optical.port import OpticalPort
from harness.headend.optical.told import Told
from harness.protocol.iec62056_21 import CommandFrame, Event, sign_on_request

__all__ = [
    "COMMANDS",
    "NOISES",
    "SIGN_ONS",
    "damaged_command",
    "heard_after_sign_on",
    "sign_on_after_break",
    "sign_on_after_noise",
]

_NOBODY: Final = "999999999999"
_TOO_LONG: Final = "9" * 400
_ENDLESS: Final = "an address without end"
_NOISE_PAUSE_S: Final = 0.3
_BREAK: Final = "a break of the line"
_READOUT: Final = "a readout"
_FIRST_CHARACTERS_S: Final = 0.5
_BREAK_S: Final = 0.5
"""Long against a character, which takes a thirtieth of a second at 300 baud."""


def _wrong_parity(port: OpticalPort, octets: bytes) -> None:
    port.line.send_with_wrong_parity(octets, 1, "sign-on with wrong parity in one character")


def _other_rate(port: OpticalPort, octets: bytes) -> None:
    port.line.send_at(4 * port.settings.start_baud, octets, "sign-on at four times the rate")


def _plain(octets: bytes, description: str) -> Callable[[OpticalPort, bytes], None]:
    return lambda port, request: port.line.send(octets or request, description)


SIGN_ONS: Final[Mapping[str, Callable[[OpticalPort, bytes], None]]] = {
    "another address": _plain(f"/?{_NOBODY}!\r\n".encode("ascii"), "sign-on to another address"),
    _ENDLESS: _plain(f"/?{_TOO_LONG}!\r\n".encode("ascii"), "sign-on with an over-long address"),
    "another first character": _plain(b"%?!\r\n", "sign-on with another first character"),
    "wrong parity": _wrong_parity,
    "another rate": _other_rate,
    "a break instead": _plain(b"\x01B0\x03q", "break outside a dialogue"),
}
"""Name -> sends a spoilt sign-on."""

NOISES: Final[Mapping[str, bytes]] = {
    "zeros": bytes(8),
    "letters": b"UUUUxyz",
    "half a sign-on": b"/?12",
    "a negative acknowledgement": b"\x15",
}


def _checked(octets: bytes, check: int) -> bytes:
    return octets[:-1] + bytes([check & 0x7F])


COMMANDS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "a check that is one higher": lambda octets: _checked(octets, octets[-1] + 1),
    "an inverted check": lambda octets: _checked(octets, octets[-1] ^ 0x7F),
    "one changed character": lambda octets: octets[:2] + bytes([octets[2] ^ 0x02]) + octets[3:],
    "no end": lambda octets: octets[: len(octets) // 2],
    "noise behind it": lambda octets: octets + b"U*U",
    "a value without end": lambda octets: octets[:-3] + _TOO_LONG.encode("ascii"),
}
"""Name -> what becomes of a good command."""


def heard_after_sign_on(port: OpticalPort, how: str) -> bytes:
    """Send a spoilt sign-on to a device at rest and return what comes."""
    port.sign_off()
    port.line.set_baud(port.settings.start_baud)
    request = sign_on_request(port.settings.address)
    SIGN_ONS[how](port, request)
    sent_octets = len(_TOO_LONG if how == _ENDLESS else request)
    return port.line.hear(port.timing.silence_s + port.line.line_time_s(sent_octets))


def sign_on_after_noise(port: OpticalPort, name: str) -> None:
    """Send noise to a device at rest, and a good sign-on behind it."""
    port.sign_off()
    port.line.set_baud(port.settings.start_baud)
    if name == _BREAK:
        if not port.line.send_break(_BREAK_S):
            raise NotApplicable("the lab's port makes no breaks", item="doors.url")
    else:
        port.line.send(NOISES[name], f"noise: {name}")
    port.line.hear(_NOISE_PAUSE_S)
    port.sign_on()


def sign_on_after_break(port: OpticalPort, within: str) -> None:
    """Break the line within a readout or programming mode; once that must be given up, sign on anew."""
    if within == _READOUT:
        port.begin_readout(port.sign_on())
        port.line.hear(_FIRST_CHARACTERS_S)
    else:
        port.enter()
    if not port.line.send_break(_BREAK_S):
        raise NotApplicable("the lab's port makes no breaks", item="doors.url")
    port.abandon()
    port.sign_on()


def damaged_command(port: OpticalPort, how: str, address: str) -> Told:
    """Send a spoilt command that reads, in programming mode, and return how it is answered."""
    name = port.settings.read_command
    good = CommandFrame(command=name[0], kind=name[1:], data=f"{address}()").to_bytes()
    port.dialogue.sent(Event.COMMAND)
    if how == "wrong parity in one character":
        port.line.send_with_wrong_parity(good, 4, f"{name} with {how}")
        return port.told(f"{name} with {how}", len(good))
    if how == "a rate of its own":
        port.line.send_at(port.line.baud // 2, good, f"{name} with {how}")
        return port.told(f"{name} with {how}", 2 * len(good))
    return port.octets(COMMANDS[how](good), f"{name} with {how}")
