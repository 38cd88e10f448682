"""How well the computer's own clock is known: by a time server, by the clock daemon, or by trust."""

import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

__all__ = ["TRUSTED_UNCERTAINTY_S", "ComputerClock", "from_chrony", "measure_clock", "query_time_server"]

TRUSTED_UNCERTAINTY_S: Final = 0.5
"""What a computer is trusted with of whose clock nothing is known."""

_PORT: Final = 123
_CLIENT_REQUEST: Final = b"\x23" + bytes(47)
"""Version 4, mode client."""
_SERVER_MODE: Final = 4
_SECONDS_TO_1970: Final = 2_208_988_800
_ANSWER_OCTETS: Final = 48
_TIMEOUT_S: Final = 2.0
_CHRONY_FIELDS: Final = 14
_OFFSET, _ROOT_DELAY, _ROOT_DISPERSION = 4, 10, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputerClock:
    """One measurement of the computer's clock."""

    source: str
    """Who says so: a time server, ``chrony``, or ``unknown``."""
    offset_s: float | None
    """Computer's time minus true time; None where only its uncertainty is known."""
    uncertainty_s: float
    """How far the computer's time may be from true time, the offset included."""
    problem: str | None = None
    """Why a source that was asked for gave nothing."""

    def to_json(self) -> dict[str, Any]:
        """As it stands in ``environment.json`` and in the trace."""
        return asdict(self)


def measure_clock(ntp_server: str | None) -> ComputerClock:
    """Ask the declared time server, else the clock daemon where there is one, else trust the computer."""
    if ntp_server is not None:
        try:
            return query_time_server(ntp_server)
        except (OSError, ValueError) as error:
            return _unknown(f"{ntp_server}: {error}")
    program = shutil.which("chronyc")
    if program is None:
        return _unknown(None)
    try:
        # The program is the clock daemon's own, found on the path.
        said = subprocess.run([program, "-c", "tracking"], capture_output=True, timeout=_TIMEOUT_S, check=True)  # noqa: S603
        return from_chrony(said.stdout.decode("ascii", "replace"))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return _unknown(f"chrony: {error}")


def _unknown(problem: str | None) -> ComputerClock:
    return ComputerClock(source="unknown", offset_s=None, uncertainty_s=TRUSTED_UNCERTAINTY_S, problem=problem)


def from_chrony(text: str) -> ComputerClock:
    """Read one line of comma separated values; ``ValueError`` where it is another, or nothing is synchronised."""
    fields = text.strip().split(",")
    if len(fields) < _CHRONY_FIELDS or fields[-1] == "Not synchronised":
        raise ValueError("is not synchronised")
    offset, delay, dispersion = (abs(float(fields[number])) for number in (_OFFSET, _ROOT_DELAY, _ROOT_DISPERSION))
    return ComputerClock(source="chrony", offset_s=None, uncertainty_s=offset + delay / 2 + dispersion)


def query_time_server(
    server: str, *, port: int = _PORT, now: Callable[[], float] = time.time, timeout_s: float = _TIMEOUT_S
) -> ComputerClock:
    """Ask a server once by SNTP; ``OSError`` where it does not answer, ``ValueError`` where the answer is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(timeout_s)
        line.connect((server, port))
        sent = now()
        line.send(_CLIENT_REQUEST)
        answer = line.recv(512)
        received = now()
    heard, said, root_s = _times_in(answer)
    offset_s = ((sent - heard) + (received - said)) / 2
    delay_s = max((received - sent) - (said - heard), 0.0)
    return ComputerClock(source=server, offset_s=offset_s, uncertainty_s=abs(offset_s) + delay_s / 2 + root_s)


def _times_in(answer: bytes) -> tuple[float, float, float]:
    """When the server heard the request, when it answered, and how well it knows the time itself."""
    if len(answer) < _ANSWER_OCTETS or answer[0] & 0x07 != _SERVER_MODE:
        raise ValueError("no answer of a time server")
    leap, stratum = answer[0] >> 6, answer[1]
    if leap == 3 or not 1 <= stratum <= 15:
        raise ValueError("the time server is not synchronised")
    delay, dispersion = struct.unpack(">II", answer[4:12])
    heard_s, heard_part, said_s, said_part = struct.unpack(">IIII", answer[32:48])
    return (
        heard_s - _SECONDS_TO_1970 + heard_part / 2**32,
        said_s - _SECONDS_TO_1970 + said_part / 2**32,
        (delay / 2 + dispersion) / 2**16,
    )
