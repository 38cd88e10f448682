"""Transports by URL: one table of schemes from entry points, one factory per run."""

from pathlib import Path

from harness.errors import UsageError
from harness.transport.base import Transport
from harness.transport.door_url import DoorUrl
from harness.transport.loop_world import LoopWorld
from harness.transport.opener import OpenRequest, opener_for
from harness.transport.replay_run import ReplayRun

__all__ = ["DoorUrl", "TransportFactory", "check_url"]


def check_url(url: str, protocol: str) -> None:
    """Raise ``UsageError`` where ``open`` would; opens nothing. ``protocol`` is what the door is declared for."""
    parsed = DoorUrl.parse(url)
    opener_for(parsed).check(parsed, protocol)


class TransportFactory:
    """Opens doors by URL; one factory serves one run.

    ``world`` holds the loop devices of the run (an empty world of its own by default). ``replay`` is the
    recorded run behind ``replay://`` URLs; without it the first such URL names it.
    """

    def __init__(self, world: LoopWorld | None = None, replay: ReplayRun | None = None) -> None:
        self.world = LoopWorld() if world is None else world
        self._replay = replay

    def open(
        self, url: str, *, door_id: str, protocol: str, connect_timeout_s: float, key: str, link: int
    ) -> Transport:
        """Open connection number ``link`` of result key ``key`` through the door.

        Raises ``UsageError`` for a wrong URL and ``PortGone`` where nothing answers within
        ``connect_timeout_s``.
        """
        request = OpenRequest(
            door_id=door_id,
            protocol=protocol,
            connect_timeout_s=connect_timeout_s,
            key=key,
            link=link,
            world=self.world,
            replay_run=self._replay_run,
        )
        parsed = DoorUrl.parse(url)
        return opener_for(parsed).open(parsed, request)

    def _replay_run(self, folder: Path) -> ReplayRun:
        """Return the one recorded run; another folder than its own is an error."""
        if self._replay is None:
            self._replay = ReplayRun(folder)
        if self._replay.folder.resolve() != folder.resolve():
            raise UsageError(
                f"replay://{folder}: this run replays {self._replay.folder}; allowed: one recorded run at a time"
            )
        return self._replay
