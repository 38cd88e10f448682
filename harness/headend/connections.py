"""Connections to one door of the device, all of them in the trace, with the rest that the device needs before each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import parse_qs, urlsplit

from harness.declaration import AssociationDeclaration, Door
from harness.errors import ConformeterError, Inconclusive, NotApplicable, PortGone
from harness.evidence.trace import Trace
from harness.headend.link_for import LONG_PDU_OCTETS, link_for
from harness.headend.stimuli.raw_line import RawLine
from harness.session import Conversation, DirectRoute, DoorTiming, GatewayRoute, Route
from harness.session.listening import listen
from harness.session.recorder import LineRecorder
from harness.transport.base import Transport
from harness.transport.urls import TransportFactory

__all__ = ["Connections", "closed_on_failure", "timing_of"]

_LONGEST_REST_S: Final = 10.0


def timing_of(door: Door) -> DoorTiming:
    """Return the waiting times that the declaration gives for a door."""
    baud = parse_qs(urlsplit(door.url).query).get("baud")
    return DoorTiming(
        response_time_s=door.timing.response_time_s,
        inactivity_timeout_s=door.timing.inactivity_timeout_s,
        repetitions=door.repetitions,
        baud=int(baud[0]) if baud else None,
    )


def _route(door: Door) -> Route:
    through = door.through
    return DirectRoute() if through is None else GatewayRoute(network=through.network, address=through.octets)


class Connections:
    """Opens connections at ``door`` and closes what is open; ``rest_for`` lets real seconds pass."""

    def __init__(
        self,
        *,
        door: Door,
        transports: TransportFactory,
        trace: Trace,
        timing: DoorTiming,
        rest_for: Callable[[float], None],
        secrets: Callable[[], tuple[bytes, ...]],
    ) -> None:
        """``secrets`` gives what is masked in all that is recorded."""
        self.door = door
        self.timing = timing
        self.rest_for = rest_for
        self._transports = transports
        self._trace = trace
        self._secrets = secrets
        self._conversations: list[Conversation] = []
        self._raw_lines: list[RawLine] = []

    def connect(self, association: AssociationDeclaration) -> Conversation:
        """Open a connection and its link for one client, without associating; the door has to speak DLMS."""
        if not self.door.speaks_dlms:
            raise Inconclusive("the declaration has no door that speaks DLMS", missing="declaration")
        number = self._trace.next_link(self.door.id)
        return self._converse(self._open_transport(number), number, association)

    def go_over(self, line: RawLine, association: AssociationDeclaration) -> Conversation:
        """Open the link of one client on a line that is open already, without associating."""
        self._raw_lines.remove(line)
        return self._converse(line.give_up(), line.number, association)

    def _converse(self, transport: Transport, number: int, association: AssociationDeclaration) -> Conversation:
        conversation = Conversation(
            transport=transport,
            link=link_for(self.door, association),
            trace=self._trace,
            door=self.door.id,
            link_number=number,
            timing=self.timing,
            largest_apdu=LONG_PDU_OCTETS,
            route=_route(self.door),
            secrets=self._secrets(),
        )
        self._conversations.append(conversation)
        with closed_on_failure(conversation):
            conversation.open()
        return conversation

    def raw_line(self) -> RawLine:
        """Open the door for octets as they are: with trace, without link; a gateway passes on no such octets."""
        if self.door.through is not None:
            raise NotApplicable("octets as they are do not get through a gateway", item="doors.through")
        number = self._trace.next_link(self.door.id)
        transport = self._open_transport(number)
        record = LineRecorder(self._trace, transport, door=self.door.id, link=number, secrets=self._secrets())
        line = RawLine(transport, record, hdlc=self.door.protocol == "hdlc", number=number)
        self._raw_lines.append(line)
        return line

    def _open_transport(self, number: int) -> Transport:
        self._rest()
        try:
            transport = self._transports.open(
                self.door.url,
                door_id=self.door.id,
                protocol=self.door.protocol,
                connect_timeout_s=self.door.timing.connect_timeout_s,
                key=self._trace.key,
                link=number,
            )
        except PortGone as gone:
            self._trace.wire("open", t=0.0, door=self.door.id, link=number, event=f"failed: {gone}")
            raise
        self._trace.wire("open", t=transport.now(), door=self.door.id, link=number, event=self.door.url)
        return transport

    def _rest(self) -> None:
        """Give the device the rest that it needs between two connections."""
        delay_s = max(self.door.timing.reconnect_delay_s, self.timing.learnt_rest_s)
        if delay_s and self.timing.has_connected:
            self.rest_for(delay_s)
        self.timing.has_connected = True

    @property
    def hint(self) -> str:
        """What to look at where the device has never answered at this door in this run; else nothing."""
        if self.timing.has_answered:
            return ""
        return (
            f"; it has never answered at door {self.door.id} in this run: are url, protocol, addresses, client_sap and "
            "server_sap of the declaration those of the device?"
        )

    def let_pass(self, seconds: float) -> None:
        """Let the door's time pass; what the device says on an idle connection meanwhile is in the trace.

        On a real door a short rest is without a connection, since the device may need it to end the last one.
        """
        if not self.door.is_virtual and seconds <= _LONGEST_REST_S:
            self.rest_for(seconds)
            return
        number = self._trace.next_link(self.door.id)
        try:
            transport = self._open_transport(number)
        except PortGone:
            # A device that lets nobody in before its time-out has passed is waited for all the same.
            self.rest_for(seconds)
            return
        record = LineRecorder(self._trace, transport, door=self.door.id, link=number, secrets=self._secrets())
        listen(transport, record, seconds)

    def close_all(self) -> None:
        """End everything that is open."""
        for conversation in self._conversations:
            conversation.close()
        for line in self._raw_lines:
            line.close()
        self._conversations.clear()
        self._raw_lines.clear()


@contextmanager
def closed_on_failure(conversation: Conversation) -> Iterator[None]:
    """Give the line back at once when a step towards an association fails: the next attempt may need it."""
    try:
        yield
    except Exception:
        with suppress(ConformeterError):
            conversation.close()
        raise
