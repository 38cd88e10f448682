"""What the families of crashes have in common: a meter that hears nobody until it is started again."""

from collections.abc import Callable
from typing import Any

from reference_meter.deviations.family import wrap
from reference_meter.meter import Meter
from reference_meter.server.association import SessionKey
from reference_meter.server.link import ServerLink

__all__ = ["Outage", "on_octets", "on_request"]


class Outage:
    """Takes a meter down on all its links, for ``seconds`` of line time or until its supply comes back."""

    def __init__(self, meter: Meter, seconds: float | None) -> None:
        self.meter = meter
        self.seconds = seconds
        self.ends: float | None = None
        """Line time of the end; ``None`` while the meter is up."""
        self.line_now = 0.0
        wrap(meter, "open", self._open)
        wrap(meter, "control", self._control)

    def begin(self) -> None:
        """Go down now."""
        self.meter.fire()
        self.ends = float("inf") if self.seconds is None else self.line_now + self.seconds

    def _open(self, original: Callable[..., ServerLink], door: str, line_now: float) -> ServerLink:
        link = original(door, line_now)
        wrap(link, "receive", lambda receive, data, now: self._receive(link, receive, data, now))
        return link

    def _receive(self, link: ServerLink, receive: Callable[[bytes, float], None], data: bytes, now: float) -> None:
        self.line_now = now
        if self.ends is not None and now >= self.ends:
            self.ends = None
        if self.ends is None:
            receive(data, now)
        if self.ends is not None:
            link.take_events()

    def _control(self, original: Callable[[object], dict[str, Any]], request: object) -> dict[str, Any]:
        if isinstance(request, dict) and request.get("op") == "power_restore":
            self.ends = None
        return original(request)


def on_request(meter: Meter, matches: Callable[[bytes], bool], happen: Callable[[], None]) -> None:
    """Have something happen to the meter instead of an answer to an APDU that matches."""

    def answer(original: Callable[[SessionKey, bytes], list[bytes]], key: SessionKey, apdu: bytes) -> list[bytes]:
        if not matches(apdu):
            return original(key, apdu)
        happen()
        return []

    wrap(meter.server, "answer", answer)


def on_octets(meter: Meter, door: str, changed: Callable[[ServerLink, bytes], bytes]) -> None:
    """Change what the links of a door hear before they look at it."""

    def opened(original: Callable[..., ServerLink], wanted: str, line_now: float) -> ServerLink:
        link = original(wanted, line_now)
        if wanted == door:
            wrap(link, "receive", lambda receive, data, now: receive(changed(link, data), now))
        return link

    wrap(meter, "open", opened)
