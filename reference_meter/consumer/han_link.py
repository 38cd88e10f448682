"""The HAN port: pushes at their pace, nothing heard."""

from math import floor

from reference_meter.consumer.han_contents import HanContents
from reference_meter.consumer.link import PacedLink
from reference_meter.server.server import Server

__all__ = ["HanLink"]

_EARLY_S = 1e-6


class HanLink(PacedLink):
    """The longer list takes the place of the short one when its own period ends."""

    def __init__(self, server: Server, contents: HanContents) -> None:
        settings = contents.settings
        super().__init__(server, contents.parts.metering, period_s=settings.period_s, baud=settings.baud)
        self.contents = contents

    def telegram(self, begun: float) -> bytes:
        """The list that is due."""
        return self.contents.telegram(longer=self.is_longer(begun))

    def is_longer(self, begun: float) -> bool:
        """Whether a push that begins then has the longer list."""
        longer_s = self.contents.settings.longer_s
        return floor((begun + _EARLY_S) / longer_s) > floor((begun - self.period_s + _EARLY_S) / longer_s)
