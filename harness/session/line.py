"""A link over its transport: waiting with deadlines, and the record of every frame.

A wait ends ``silence_s`` after the last progress and at its limit in all, whatever comes meanwhile. Octets that are
no frame for us and frames that bring nothing are counted and bounded. What breaks the rules behind an APDU is raised
when that APDU has been taken: it makes no difference whether both came in one segment or in two.
"""

from collections import deque
from collections.abc import Callable, Sequence

from harness.errors import ConnectionLost, Garbled, ProtocolViolation, Silent
from harness.evidence.redaction import MaskedRange, shifted
from harness.session.link import (
    ApduIn,
    Busy,
    FrameIn,
    FrameOut,
    Link,
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkViolation,
    Progress,
    Stray,
)
from harness.session.recorder import LineRecorder
from harness.session.timing import DoorTiming
from harness.transport.base import Transport

__all__ = ["Change", "Line", "LinkEnded"]

Change = Callable[[bytes, int], Sequence[bytes]]
"""From the octets of a frame and its number, 1 upwards, to what is sent in its place: damaged, doubled, nothing."""

_MOST_STRAY_OCTETS = 1 << 20
_MOST_IDLE_FRAMES = 2_000
_FRAME_ROOM_OCTETS = 2048
"""The time of so many octets on the line comes on top of every deadline: what is being sent may end."""


class LinkEnded(ProtocolViolation):
    """The device ended or refused the link; ``by`` is ``DM``, ``FRMR`` or ``UA``."""

    def __init__(self, by: str) -> None:
        super().__init__(f"the device answered {by} at link level")
        self.by = by


class Line:
    """Pumps frames between ``link`` and ``transport``."""

    def __init__(self, *, transport: Transport, link: Link, record: LineRecorder, timing: DoorTiming) -> None:
        self.record = record
        self.arrived: deque[bytes] = deque()
        """Whole APDUs that nobody has taken yet."""
        self.frame = 0
        """Number of the last frame received."""
        self.masks: tuple[MaskedRange, ...] = ()
        """Where secrets stand in the APDU that is being sent."""
        self.sent_again = 0
        """How often the link has asked again for what did not come."""
        self.closing = False
        """Whether the end of the link is what we want."""
        self.ended: LinkEnded | None = None
        self.change: Change | None = None
        """What happens to every frame on its way out; frames count from the moment that it was set."""
        self.changed_frames = 0
        self._transport = transport
        self._link = link
        self._timing = timing
        self._behind: ProtocolViolation | None = None

    def wait(self, done: Callable[[], bool], awaited: str, limit: float, *, repeat: bool = True) -> None:
        """Pump the line until ``done``, to ``limit`` at most; the link repeats as often as the door declares.

        Raises ``Silent``, ``Garbled``, ``ConnectionLost``, or the ``ProtocolViolation`` that came instead.
        """
        started = self._transport.now()
        repetitions = self._timing.repetitions if repeat else 0
        strays = idle = 0
        deadline = min(started + self._patience_s(), limit)
        while True:
            self.flush()
            if done():
                return
            self.raise_what_came_behind()
            data = self._receive_octets(deadline)
            if data:
                taken = self._take(data)
                strays += taken.stray_octets
                idle += taken.idle_frames
                self._refuse_flood(awaited, strays, idle)
                if done():
                    self.flush()
                    return
                if taken.progress:
                    deadline = min(self._transport.now() + self._patience_s(), limit)
                if self._transport.now() < deadline:
                    continue
            if repetitions and self._transport.now() < limit and self._link.poll():
                repetitions -= 1
                self.sent_again += 1
                deadline = min(self._transport.now() + self._patience_s(), limit)
                continue
            self._give_up(awaited, self._transport.now() - started, strays)

    def raise_what_came_behind(self) -> None:
        """Raise a violation that came behind an APDU, once that has been taken."""
        if not self.arrived and self._behind is not None:
            violation, self._behind = self._behind, None
            raise violation

    @staticmethod
    def _refuse_flood(awaited: str, stray_octets: int, idle_frames: int) -> None:
        if stray_octets > _MOST_STRAY_OCTETS:
            raise Garbled(f"a flood instead of {awaited}: {stray_octets} octets that are no frame")
        if idle_frames > _MOST_IDLE_FRAMES:
            raise ProtocolViolation(f"a flood instead of {awaited}: {idle_frames} frames that bring nothing")

    def _patience_s(self) -> float:
        return self._timing.silence_s + self._timing.line_time_s(_FRAME_ROOM_OCTETS)

    def _give_up(self, awaited: str, waited_s: float, strays: int) -> None:
        unfinished = self._link.unfinished_octets
        if unfinished:
            raise Garbled(f"{unfinished} octets of an unfinished frame instead of {awaited} in {waited_s:.1f} s")
        if strays:
            raise Garbled(f"{strays} octets that are no frame instead of {awaited} in {waited_s:.1f} s")
        raise Silent(f"waited {waited_s:.1f} s for {awaited}: nothing", waited_s)

    def _receive_octets(self, deadline: float) -> bytes:
        try:
            data = self._transport.receive(deadline)
        except ConnectionLost as lost:
            self.record.moment("lost", str(lost))
            raise
        if not data:
            self.record.moment("quiet")
        return data

    def _take(self, data: bytes) -> "_Taken":
        taken = _Taken()
        violation: ProtocolViolation | None = None
        events = self._link.receive_data(data)
        # What is not exactly one frame is also kept as it came: in a replay the same octets have to come together.
        part = not _is_one_frame(data, events)
        if part:
            self.record.octets("chunk", data)
        for event in events:
            match event:
                case FrameIn():
                    taken.idle_frames += 1
                    self.frame = self.record.octets("rx", event.octets, event.description, part=part)
                case Stray():
                    taken.idle_frames += 1
                    taken.stray_octets += len(event.octets)
                    self.frame = self.record.octets("rx", event.octets, f"stray: {event.reason}", part=part)
                case ApduIn():
                    self.arrived.append(event.octets)
                    taken.got_on()
                case LinkOpened() | Progress():
                    taken.got_on()
                case Busy():
                    taken.progress = True
                case LinkViolation():
                    violation = violation or self._found(ProtocolViolation(event.reason))
                case LinkClosed():
                    violation = violation or self._found(self._link_closed(event.by))
        if violation is not None:
            raise violation
        return taken

    def _found(self, violation: ProtocolViolation | None) -> ProtocolViolation | None:
        """Return what must be raised now; what comes behind an APDU waits until that has been taken."""
        if self.arrived:
            self._behind = self._behind or violation
            return None
        return violation

    def _link_closed(self, by: str) -> "LinkEnded | None":
        if self.closing and by in ("UA", "DM"):
            return None
        self.ended = LinkEnded(by)
        return self.ended

    def flush(self) -> None:
        """Send what the link lets go now."""
        for frame in self._link.data_to_send():
            self._transport_send(frame)

    def _transport_send(self, frame: FrameOut) -> None:
        masks: tuple[MaskedRange, ...] = ()
        if self.masks:
            masks = shifted(
                self.masks,
                start=frame.start,
                stop=frame.stop,
                at=frame.at,
                octets=len(frame.octets),
                trailer=frame.trailer,
            )
        if self.change is None:
            self._put(frame.octets, frame.description, masks, frame.trailer)
            return
        self.changed_frames += 1
        secret = bool(masks or self.record.masks_of(frame.octets))
        for octets in self.change(frame.octets, self.changed_frames):
            if octets == frame.octets:
                self._put(octets, frame.description, masks, frame.trailer)
            elif octets:
                # Nobody knows where a change has put the octets of a secret.
                self._put(octets, f"changed: {frame.description}", ((0, len(octets)),) if secret else (), 0)

    def _put(self, octets: bytes, description: str, masks: tuple[MaskedRange, ...], trailer: int) -> None:
        self.record.octets("tx", octets, description, masked=masks, trailer=trailer)
        try:
            self._transport.send(octets)
        except ConnectionLost as lost:
            self.record.moment("lost", str(lost))
            raise


def _is_one_frame(data: bytes, events: Sequence[LinkEvent]) -> bool:
    """Whether the first of the events is a frame, or something stray, of just these octets, as is usual."""
    first = events[0] if events else None
    return isinstance(first, FrameIn | Stray) and first.octets == data


class _Taken:
    """What one stretch of octets has brought."""

    def __init__(self) -> None:
        self.progress = False
        self.stray_octets = 0
        self.idle_frames = 0

    def got_on(self) -> None:
        """Note that the last frame was not idle."""
        self.progress = True
        self.idle_frames -= 1
