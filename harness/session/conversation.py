"""One connection to the device: requests and their answers over link, route and protection.

Every exchange ends at ``longest_wait_s``, whatever comes meanwhile; unsolicited notifications are counted and bounded.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from harness.errors import ConnectionLost, ProtocolViolation, Silent
from harness.evidence.trace import Trace
from harness.protocol import acse, security
from harness.protocol import apdu as xdlms
from harness.session.invoke import invoke_of_answer, invoke_of_request, invoke_text, may_answer
from harness.session.line import Change, Line, LinkEnded
from harness.session.link import Link
from harness.session.protection import NoProtection, Protection
from harness.session.recorder import LineRecorder
from harness.session.route import DirectRoute, Route
from harness.session.timing import DoorTiming
from harness.transport.base import Transport

__all__ = ["Conversation", "Protect", "Received"]

Protect = Callable[[bytes], bytes]
"""From a plain APDU to what goes to the route."""

_MOST_NOTIFICATIONS = 200
_OF_ASSOCIATIONS = (acse.Aare, acse.Rlre)
_UNSOLICITED = (xdlms.DataNotification, xdlms.EventNotification)


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
        self.notifications: deque[Received] = deque(maxlen=_MOST_NOTIFICATIONS)
        self.unasked: list[Received] = []
        """Answers to requests that asked for none."""
        self.answers = 0
        self._transport = transport
        self._link = link
        self._route = route or DirectRoute()
        self._record = LineRecorder(trace, transport, door=door, link=link_number, secrets=secrets)
        self._line = Line(transport=transport, link=link, record=self._record, timing=timing)
        self._largest_apdu = largest_apdu
        self._sent_at = 0.0
        self._blocks: xdlms.BlockReceiver | None = None
        self._closed = False
        self._unconfirmed: set[int] = set()
        self._last_answer = b""
        self._sent_again = 0
        """How often the request before was sent again: so often may its answer still come."""

    @property
    def frame(self) -> int:
        """Number of the last frame received; 0 before the first."""
        return self._line.frame

    @property
    def closed(self) -> bool:
        """Whether this connection has been given up."""
        return self._closed

    def hide(self, secret: bytes) -> None:
        """Mask a secret that has only now come up in all that is recorded from now on."""
        self._record.hide(secret)

    @contextmanager
    def tampering(self, change: Change) -> Iterator[None]:
        """Have every frame that the link sends meanwhile replaced by what ``change`` makes of it.

        ``change(octets, number)`` gets whole frames, numbered from 1 within this block, what the link repeats
        included; it returns the frames to send instead, none to drop it. The trace shows what was sent.
        """
        before = self._line.change, self._line.changed_frames
        self._line.change, self._line.changed_frames = change, 0
        try:
            yield
        finally:
            self._line.change, self._line.changed_frames = before

    def open(self) -> None:
        """Establish the link; raises ``Silent``, ``Garbled`` or ``LinkEnded``."""
        self._link.open()
        self._line.wait(lambda: self._link.is_open, "the link to open", self._limit())

    def set_up_anew(self, *, behind_disc: bool) -> None:
        """Set the link up once more on this connection; raises as ``open``."""
        if behind_disc:
            self._line.closing = True
            self._link.close()
            self._line.wait(lambda: self._link.is_closed, "the link to end", self._limit())
            self._line.closing = False
        self.open()

    def close(self) -> None:
        """End the link as far as the device lets us, and give the line back."""
        if self._closed:
            return
        self._closed = self._line.closing = True
        try:
            if not self._link.is_closed:
                self._link.close()
                self._line.wait(lambda: self._link.is_closed, "the link to end", self._limit(), repeat=False)
        except (Silent, ProtocolViolation, ConnectionLost):
            pass  # the connection is given up anyway; what happened is in the trace
        finally:
            self._give_back()

    def abandon(self) -> None:
        """Drop the line without a word, as a client that vanishes does."""
        if not self._closed:
            self._closed = True
            self._give_back()

    def _give_back(self) -> None:
        for octets in self._line.arrived:
            self._record.octets("apdu_rx", octets, "nobody asked for it")
        self._record.moment("close")
        self._transport.close()

    def send(self, apdu: bytes, *, protect: Protect | None = None) -> None:
        """Send one APDU through protection, route and link; raises what has come to light since the last answer.

        ``protect`` takes the place of the association's protection: stimuli that are ciphered wrongly on purpose.
        """
        self._line.raise_what_came_behind()
        if self._line.ended is not None:
            raise LinkEnded(self._line.ended.by)
        protected = (protect or self.protection.protect)(apdu)
        self._record.octets("apdu_tx", apdu, xdlms.describe_request(apdu), security=self._security_of(protected))
        octets = self._route.outbound(protected)
        self._line.masks = self._record.masks_of(octets)
        self._link.send(octets)
        self._line.flush()
        self._sent_at = self._transport.now()

    def deliver(self, apdu: bytes, invoke: int, *, protect: Protect | None = None) -> None:
        """Send a request to which no answer is due, and let the link take all of it; ``protect`` as for ``send``.

        An answer that comes all the same is kept in ``unasked`` by the exchange that meets it.
        """
        self._unconfirmed.add(invoke_of_request(apdu, invoke))
        self.send(apdu, protect=protect)
        self._line.wait(lambda: self._link.has_sent_all, "the link to take the request", self._limit())

    def overhear(self) -> Received | None:
        """Wait as long as for an answer and return what comes, None where it stays silent."""
        self._link.invite()
        try:
            received = self._receive(self._limit(), repeat=False)
        except Silent:
            return None
        if invoke_of_answer(received.answer) in self._unconfirmed:
            self.unasked.append(received)
        return received

    def exchange(
        self, apdu: bytes, invoke: int | None = None, *, repeat: bool = True, protect: Protect | None = None
    ) -> Received:
        """Send a request and return its answer; ``protect`` as for ``send``.

        Notifications that arrive in between are kept in ``notifications``. An answer to another invoke-id is
        passed over while the right one may still come; if none does, it is a ``ProtocolViolation``. So is an answer
        to AARQ or RLRQ behind a request with an invoke-id, and what equals the answer before behind a request
        that was sent again: the device may have answered that one twice.
        """
        before, self._last_answer = self._last_answer, b""
        asked = None if invoke is None else invoke_of_request(apdu, invoke)
        if asked in self._unconfirmed:
            self._unconfirmed.remove(asked)
        may_come_again, sent_again = self._sent_again, self._line.sent_again
        self.send(apdu, protect=protect)
        limit = self._limit()
        wrong: Received | None = None
        twin: Received | None = None
        for _ in range(_MOST_NOTIFICATIONS):
            try:
                received = self._receive(limit, repeat=repeat)
            except Silent:
                if wrong is not None:
                    raise ProtocolViolation(_not_the_answer(wrong, asked)) from None
                if twin is None:
                    raise
                return self._taken(twin, sent_again)
            if isinstance(received.answer, _UNSOLICITED):
                self.notifications.append(received)
                self._link.invite()
            elif asked is not None and not may_answer(received.answer, asked):
                wrong = received
                if invoke_of_answer(received.answer) in self._unconfirmed:
                    self.unasked.append(received)
                self._link.invite()
            elif may_come_again and received.octets == before:
                may_come_again -= 1
                twin = received
            else:
                return self._taken(received, sent_again)
        raise ProtocolViolation(f"{_MOST_NOTIFICATIONS} APDUs came and none was the answer")

    def _taken(self, received: Received, sent_again: int) -> Received:
        self.timing.learn(received.took_s)
        self.answers += 1
        self._last_answer = received.octets
        self._sent_again = self._line.sent_again - sent_again
        return received

    def _limit(self) -> float:
        return self._transport.now() + self.timing.longest_wait_s(self._largest_apdu)

    def _receive(self, limit: float, *, repeat: bool) -> Received:
        while True:
            self._line.wait(lambda: bool(self._line.arrived), "an answer", limit, repeat=repeat)
            octets = self._line.arrived.popleft()
            apdu = self._route.inbound(octets)
            if apdu[:1] == bytes([xdlms.GENERAL_BLOCK_TRANSFER_TAG]):
                whole = self._collect_block(apdu)
                if whole is None:
                    continue
                apdu = whole
            return self._decoded(self._unprotected(apdu), self._security_of(apdu))

    def _security_of(self, octets: bytes) -> str:
        """Return the header of a protected APDU and the name of its keys; empty for a plain one."""
        header = security.header_of(octets)
        return f"{header.hex()} {self.protection.key_name}" if header else ""

    def _unprotected(self, apdu: bytes) -> bytes:
        try:
            return self.protection.unprotect(apdu)
        except ProtocolViolation as error:
            # What is protected too little is shown as what it holds.
            shown = error.apdu if isinstance(error, security.Underprotected) else apdu
            told = f"protection does not hold: {error}"
            self._record.octets("apdu_rx", shown, told, security=self._security_of(apdu))
            raise

    def _decoded(self, plain: bytes, header: str) -> Received:
        took_s = self._transport.now() - self._sent_at
        try:
            answer = xdlms.decode_answer(plain)
        except ProtocolViolation as error:
            self._record.octets("apdu_rx", plain, f"does not decode: {error}")
            raise
        frame = self._record.octets("apdu_rx", plain, answer.describe(), security=header)
        return Received(answer=answer, octets=plain, frame=frame, took_s=took_s)

    def _collect_block(self, octets: bytes) -> bytes | None:
        """Take one general block; acknowledge it; return the whole APDU when it was the last."""
        self._record.octets("apdu_rx", octets, xdlms.GeneralBlockTransfer.from_bytes(octets).describe())
        if self._blocks is None:
            self._blocks = xdlms.BlockReceiver(max_octets=self._largest_apdu)
        step = self._blocks.receive(octets)
        if step.reply is not None:
            self._link.send(self._route.outbound(step.reply))
            self._line.flush()
        if step.apdu is not None:
            self._blocks = None
        return step.apdu


def _not_the_answer(wrong: Received, asked: int | None) -> str:
    request = f"a request with {invoke_text(asked)}"
    if isinstance(wrong.answer, _OF_ASSOCIATIONS):
        return f"{wrong.answer.describe()} to {request}"
    return f"answer with {invoke_text(invoke_of_answer(wrong.answer))} to {request}"
