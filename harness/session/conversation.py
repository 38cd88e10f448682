"""One connection to the device: the stack over a transport, with deadlines and the trace.

Every wait has an end: ``silence_s`` after the last progress, and ``longest_wait_s`` in all. Octets that are no
frame for us, frames that bring nothing and unsolicited notifications are counted and bounded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.errors import ConnectionLost, Garbled, ProtocolViolation, Silent
from harness.evidence.redaction import MaskedRange, ranges_of, shifted
from harness.evidence.trace import Trace
from harness.protocol import apdu as xdlms
from harness.session.link import (
    ApduIn,
    FrameIn,
    FrameOut,
    Link,
    LinkClosed,
    LinkOpened,
    LinkViolation,
    Progress,
    Stray,
)
from harness.session.protection import NoProtection, Protection
from harness.session.route import DirectRoute, Route
from harness.session.timing import DoorTiming
from harness.transport.base import Transport

__all__ = ["Conversation", "LinkEnded", "Received"]

_MOST_STRAY_OCTETS = 1 << 20
_MOST_IDLE_FRAMES = 2_000
_MOST_NOTIFICATIONS = 200
_UNSOLICITED = (xdlms.DataNotification, xdlms.EventNotification)


class LinkEnded(ProtocolViolation):
    """The device ended or refused the link; ``by`` is ``DM``, ``FRMR`` or ``UA``."""

    def __init__(self, by: str) -> None:
        super().__init__(f"the device answered {by} at link level")
        self.by = by


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An answer with its evidence."""

    answer: xdlms.Answer
    octets: bytes
    frame: int
    """Number of its record in the trace."""
    took_s: float
    """Line time from the request's last octet handed over to the answer's last octet taken."""


class Conversation:
    """Speaks to the device through one open transport; ``secrets`` are masked in all that is recorded."""

    def __init__(
        self,
        *,
        transport: Transport,
        link: Link,
        trace: Trace,
        door: str,
        link_number: int,
        timing: DoorTiming,
        largest_apdu: int,
        route: Route | None = None,
        protection: Protection | None = None,
        secrets: Sequence[bytes] = (),
    ) -> None:
        self.protection = protection or NoProtection()
        self.timing = timing
        self.notifications: list[Received] = []
        self.frame = 0
        self.answers = 0
        self._transport = transport
        self._link = link
        self._route = route or DirectRoute()
        self._trace = trace
        self._door = door
        self._link_number = link_number
        self._largest_apdu = largest_apdu
        self._secrets = tuple(secrets)
        self._sent_at = 0.0
        self._sent_masks: tuple[MaskedRange, ...] = ()
        self._arrived: list[bytes] = []
        self._blocks: xdlms.BlockReceiver | None = None
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether this connection has been given up."""
        return self._closed

    def open(self) -> None:
        """Establish the link; raises ``Silent``, ``Garbled`` or ``LinkEnded``."""
        self._link.open()
        self._wait(lambda: self._link.is_open, "the link to open")

    def close(self) -> None:
        """End the link as far as the device lets us, and give the line back."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._link.is_open:
                self._link.close()
                self._wait(lambda: not self._link.is_open, "the link to end", repeat=False)
        except (Silent, ProtocolViolation, ConnectionLost):
            pass  # the connection is given up anyway; what happened is in the trace
        finally:
            self._record("close")
            self._transport.close()

    def abandon(self) -> None:
        """Drop the line without a word, as a client that vanishes does."""
        if not self._closed:
            self._closed = True
            self._record("close")
            self._transport.close()

    def send(self, apdu: bytes) -> None:
        """Send one APDU through protection, route and link."""
        masks = ranges_of(apdu, self._secrets)
        self._record("apdu_tx", data=apdu, masked=masks, event=xdlms.describe_request(apdu))
        octets = self._route.outbound(self.protection.protect(apdu))
        self._sent_masks = ranges_of(octets, self._secrets) if masks else ()
        self._link.send(octets)
        self._flush()
        self._sent_at = self._transport.now()

    def exchange(self, apdu: bytes, invoke: int | None = None, *, repeat: bool = True) -> Received:
        """Send a request and return its answer.

        Notifications that arrive in between are kept in ``notifications``. An answer to another invoke-id is
        passed over while the right one may still come; if none does, it is a ``ProtocolViolation``.
        """
        self.send(apdu)
        wrong: Received | None = None
        for _ in range(_MOST_NOTIFICATIONS):
            try:
                received = self._receive(repeat=repeat)
            except Silent:
                if wrong is None:
                    raise
                raise ProtocolViolation(
                    f"answer with invoke-id {invoke_id_of(wrong)} to a request with invoke-id {(invoke or 0) & 0xF}"
                ) from None
            if isinstance(received.answer, _UNSOLICITED):
                self.notifications.append(received)
                self._link.invite()
            elif invoke is not None and invoke_id_of(received) not in (None, invoke & 0xF):
                wrong = received
                self._link.invite()
            else:
                self.timing.learn(received.took_s)
                self.answers += 1
                return received
        raise ProtocolViolation(f"{_MOST_NOTIFICATIONS} APDUs came and none was the answer")

    def _receive(self, *, repeat: bool) -> Received:
        while True:
            self._wait(lambda: bool(self._arrived), "an answer", repeat=repeat)
            octets = self._arrived.pop(0)
            plain = self.protection.unprotect(self._route.inbound(octets))
            if plain[:1] == bytes([xdlms.GENERAL_BLOCK_TRANSFER_TAG]):
                whole = self._collect_block(plain)
                if whole is None:
                    continue
                plain = whole
            return self._decoded(plain)

    def _decoded(self, plain: bytes) -> Received:
        took_s = self._transport.now() - self._sent_at
        masks = ranges_of(plain, self._secrets)
        try:
            answer = xdlms.decode_answer(plain)
        except ProtocolViolation as error:
            self._record("apdu_rx", data=plain, masked=masks, event=f"does not decode: {error}")
            raise
        frame = self._record("apdu_rx", data=plain, masked=masks, event=answer.describe())
        return Received(answer=answer, octets=plain, frame=frame, took_s=took_s)

    def _collect_block(self, octets: bytes) -> bytes | None:
        """Take one general block; acknowledge it; return the whole APDU when it was the last."""
        if self._blocks is None:
            self._blocks = xdlms.BlockReceiver(max_octets=self._largest_apdu)
        step = self._blocks.receive(octets)
        if step.reply is not None:
            self._link.send(self._route.outbound(step.reply))
            self._flush()
        if step.apdu is not None:
            self._blocks = None
        return step.apdu

    def _wait(self, done: Callable[[], bool], awaited: str, *, repeat: bool = True) -> None:
        """Pump the line until ``done``; the link repeats by itself as often as the door declares."""
        started = self._transport.now()
        limit = started + self.timing.longest_wait_s(self._largest_apdu)
        repetitions = self.timing.repetitions if repeat else 0
        strays = frames = 0
        deadline = min(started + self._patience_s(), limit)
        while True:
            self._flush()
            if done():
                return
            data = self._receive_octets(deadline)
            if data:
                progress, stray_octets, seen = self._take(data)
                strays += stray_octets
                frames += seen
                if progress:
                    deadline = min(self._transport.now() + self._patience_s(), limit)
                if strays > _MOST_STRAY_OCTETS or frames > _MOST_IDLE_FRAMES:
                    raise Garbled(f"a flood instead of {awaited}: {strays} stray octets, {frames} frames")
                if self._transport.now() < deadline:
                    continue
                if done():
                    return
            if repetitions and self._transport.now() < limit and self._link.poll():
                repetitions -= 1
                deadline = min(self._transport.now() + self._patience_s(), limit)
                continue
            self._give_up(awaited, self._transport.now() - started, strays)

    def _patience_s(self) -> float:
        return self.timing.silence_s + self.timing.line_time_s(2048)

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
            self._record("lost", event=str(lost))
            raise
        if not data:
            self._record("quiet")
        return data

    def _take(self, data: bytes) -> tuple[bool, int, int]:
        """Return whether something useful came, how many octets were stray and how many frames there were."""
        progress = False
        strays = frames = 0
        violation: ProtocolViolation | None = None
        events = self._link.receive_data(data)
        # What is not exactly a row of frames is also kept as it came, so that a replay gets the same octets.
        whole = data == b"".join(event.octets for event in events if isinstance(event, FrameIn | Stray))
        if not whole:
            self._record("chunk", data=data, masked=ranges_of(data, self._secrets))
        for event in events:
            match event:
                case FrameIn():
                    frames += 1
                    masks = ranges_of(event.octets, self._secrets)
                    self.frame = self._record(
                        "rx", data=event.octets, masked=masks, event=event.description, part=not whole
                    )
                case Stray():
                    strays += len(event.octets)
                    self.frame = self._record("rx", data=event.octets, event=f"stray: {event.reason}", part=not whole)
                case ApduIn():
                    self._arrived.append(event.octets)
                    progress = True
                case LinkOpened() | Progress():
                    progress = True
                case LinkViolation():
                    violation = violation or ProtocolViolation(event.reason)
                case LinkClosed():
                    if not (self._closed and event.by in ("UA", "DM")):
                        violation = violation or LinkEnded(event.by)
        if violation is not None and not self._arrived:
            raise violation
        return progress, strays, frames

    def _flush(self) -> None:
        for frame in self._link.data_to_send():
            self._transport_send(frame)

    def _transport_send(self, frame: FrameOut) -> None:
        masks = shifted(
            self._sent_masks,
            start=frame.start,
            stop=frame.stop,
            at=frame.at,
            octets=len(frame.octets),
            trailer=frame.trailer,
        )
        self._record("tx", data=frame.octets, masked=masks, event=frame.description)
        try:
            self._transport.send(frame.octets)
        except ConnectionLost as lost:
            self._record("lost", event=str(lost))
            raise

    def _record(
        self,
        kind: str,
        *,
        data: bytes | None = None,
        masked: Sequence[MaskedRange] = (),
        event: str | None = None,
        part: bool = False,
    ) -> int:
        return self._trace.wire(
            kind,
            t=self._transport.now(),
            door=self._door,
            link=self._link_number,
            data=data,
            masked=masked,
            event=event,
            part=part,
        )


def invoke_id_of(received: Received) -> int | None:
    """Return the invoke-id of an answer, or None where its kind carries none."""
    invoke: int | None = getattr(received.answer, "invoke", None)
    return None if invoke is None else invoke & 0xF
