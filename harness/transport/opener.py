"""What stands behind a scheme: the interface that entry points of group ``conformeter.transports`` name.

The name of the entry point is the scheme, its object an ``Opener``. The module is imported when a URL of its
scheme is checked or opened, never before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

from harness.errors import UsageError
from harness.transport.base import Transport
from harness.transport.door_url import DoorUrl
from harness.transport.loop_world import LoopWorld
from harness.transport.replay_run import ReplayRun

__all__ = ["OpenRequest", "Opener", "opener_for"]

_GROUP = "conformeter.transports"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """All that an opener may want to know besides the URL."""

    door_id: str
    protocol: str
    """What runs on the door: ``wrapper``, ``hdlc`` ..."""
    connect_timeout_s: float
    key: str
    """Result key under way."""
    link: int
    """Number of the connection through this door within the key, 1 upwards."""
    world: LoopWorld
    replay_run: Callable[[Path], ReplayRun]
    """Gives the recorded run of a folder."""


class Opener(Protocol):
    """Checks and opens the URLs of one scheme."""

    def check(self, url: DoorUrl, protocol: str) -> None:
        """Raise ``UsageError`` naming URL, key and what is allowed; opens nothing."""

    def open(self, url: DoorUrl, request: OpenRequest) -> Transport:
        """Check and open; raises ``UsageError`` or ``PortGone``."""


@cache
def _schemes() -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=_GROUP):
        other = found.setdefault(entry.name, entry)
        if other.value != entry.value:
            raise UsageError(
                f"scheme {entry.name} is offered twice, by {other.value} and {entry.value}; "
                f"uninstall one of them (entry points of group {_GROUP})"
            )
    return found


def opener_for(url: DoorUrl) -> Opener:
    """Return the opener of the URL's scheme."""
    schemes = _schemes()
    if url.scheme not in schemes:
        allowed = ", ".join(sorted(schemes)) or f"none (no entry point of group {_GROUP} is installed)"
        raise UsageError(f"{url.text}: unknown scheme {url.scheme!r}; allowed: {allowed}")
    opener: Opener = schemes[url.scheme].load()
    return opener
