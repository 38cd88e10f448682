"""The head end at one door of the device: connections, associations, good exchanges and the way back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, urlsplit

from harness.declaration import AssociationDeclaration as DeclaredAssociation
from harness.declaration import AssociationRole, CosemObject, Declaration, Door
from harness.errors import (
    ConformeterError,
    ConnectionLost,
    Garbled,
    Inconclusive,
    LineDamaged,
    PortGone,
    ProtocolViolation,
    Refused,
    Silent,
)
from harness.evidence.trace import Trace
from harness.headend.client import Client, item, value_of
from harness.headend.credentials import CredentialSource, association_request
from harness.headend.judged import Judge
from harness.headend.link_for import LONG_PDU_OCTETS, link_for
from harness.session import (
    Association,
    Conversation,
    DoorTiming,
    associate,
)
from harness.session.recorder import LineRecorder
from harness.transport.base import Transport
from harness.transport.urls import TransportFactory

__all__ = ["HeadEnd", "timing_of"]

_VALUE = 2
_NETWORK = ("tcp", "udp", "rfc2217", "loop", "replay")
_ADDED_PATIENCE = 1.1
_MOST_HEARD_OCTETS = 1 << 20
"""A device that talks so much while we wait in silence is not waited for any longer."""


def timing_of(door: Door) -> DoorTiming:
    """Return the waiting times that the declaration gives for a door."""
    baud = parse_qs(urlsplit(door.url).query).get("baud")
    return DoorTiming(
        response_time_s=door.timing.response_time_s,
        inactivity_timeout_s=door.timing.inactivity_timeout_s,
        repetitions=door.repetitions,
        baud=int(baud[0]) if baud else None,
    )


class HeadEnd:
    """Opens what a scenario needs at ``door`` and closes it again; ``clause`` is what findings name.

    ``rest_for`` lets real seconds pass, where the device needs a rest between two connections.
    """

    def __init__(
        self,
        *,
        declaration: Declaration,
        door: Door,
        transports: TransportFactory,
        trace: Trace,
        timing: DoorTiming,
        clause: str,
        rest_for: Callable[[float], None],
    ) -> None:
        self.declaration = declaration
        self.door = door
        self.clause = clause
        self.judge = Judge(self)
        self._transports = transports
        self._trace = trace
        self.timing = timing
        self._secrets = tuple(secret.reveal() for _, secret in declaration.secrets())
        self._credentials = CredentialSource(declaration, trace)
        self._clients: list[Client] = []
        self._conversations: list[Conversation] = []
        self._has_connected = False
        self._rest_for = rest_for
        self.last_failure = ""
        """Why the last good exchange was none."""

    @property
    def last_record(self) -> int:
        """Number of the last record in the trace."""
        return self._trace.last

    def connect(self, association: DeclaredAssociation) -> Conversation:
        """Open a connection and its link for one client, without associating."""
        number = self._trace.next_link(self.door.id)
        transport = self._open_transport(number)
        conversation = Conversation(
            transport=transport,
            link=link_for(self.door, association),
            trace=self._trace,
            door=self.door.id,
            link_number=number,
            timing=self.timing,
            largest_apdu=LONG_PDU_OCTETS,
            secrets=self._secrets,
        )
        self._conversations.append(conversation)
        with _closed_on_failure(conversation):
            conversation.open()
        return conversation

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
        delay_s = self.door.timing.reconnect_delay_s
        if delay_s and self._has_connected:
            self._rest_for(delay_s)
        self._has_connected = True

    def association(self, role: AssociationRole) -> DeclaredAssociation:
        """Return the declared association of a role; raises ``Inconclusive`` where none is declared."""
        found = self.declaration.association_of(role)
        if found is None:
            raise Inconclusive(f"the declaration does not mention an association of role {role}", missing="declaration")
        return found

    def associate(self, role: AssociationRole, *, max_receive_pdu_size: int | None = None) -> Client:
        """Connect and associate; raises ``Refused`` when the device says no.

        ``max_receive_pdu_size`` in place of the declared one makes the device answer in smaller pieces.
        """
        client = Client(self, self.association(role))
        if max_receive_pdu_size is not None:
            client.max_receive_pdu_size = max_receive_pdu_size
        self._clients.append(client)
        client.establish()
        return client

    def associate_again(self, client: Client) -> Client:
        """Associate once more after the connection was lost.

        A device that still holds the old association may refuse until its inactivity time-out has passed.
        """
        try:
            client.establish()
        except Refused:
            self._sit_out(self.timing.inactivity_timeout_s * _ADDED_PATIENCE)
            client.establish()
        return client

    def open_association(
        self, declared: DeclaredAssociation, *, max_receive_pdu_size: int
    ) -> tuple[Conversation, Association]:
        """Connect and associate without any judgement; the steps of ``associate``."""
        credentials = self._credentials.credentials(declared, self._announced_counter)
        request = association_request(declared, credentials, max_receive_pdu_size=max_receive_pdu_size)
        conversation = self.connect(declared)
        with _closed_on_failure(conversation):
            return conversation, associate(conversation, request, largest_answer_octets=self.door.largest_answer_octets)

    def _announced_counter(self) -> int:
        """Read the last invocation counter that the device has accepted, over a connection of its own."""
        client = Client(self, self.association("public"))
        try:
            client.establish_unjudged()
            counter = self.declaration.require("invocation_counter", clause=self.clause)
            wanted = item(counter, _VALUE)
            value = value_of(client.services.get(wanted), wanted).value
        finally:
            client.close()
        if not isinstance(value, int):
            raise ProtocolViolation("the invocation counter that the device announces is no number")
        return value

    def good_exchange(self) -> None:
        """Read the probe attribute over a connection of its own; raises what went wrong.

        Damaged octets here are the line's (``LineDamaged``), since this exchange must be good on a sound line;
        what comes over TCP or UDP has been checked by them, so there damage is the device's.
        """
        key, step = self._trace.key, self._trace.step
        self._trace.step = "good exchange"
        client = Client(self, self._probe_association())
        try:
            client.establish_unjudged()
            probe = self.declaration.object(self.declaration.objects.probe)
            if isinstance(probe, CosemObject):
                wanted = item(probe, _VALUE)
                value_of(client.services.get(wanted), wanted)
        except Garbled as error:
            if self.door.protocol == "wrapper":
                raise
            raise LineDamaged(f"good exchange at door {self.door.id}: {error}") from error
        finally:
            client.close()
            self._trace.key, self._trace.step = key, step

    def _probe_association(self) -> DeclaredAssociation:
        """Return the client of good exchanges: public where there is one, else the first that associates."""
        public = self.declaration.association_of("public")
        if public is not None and not public.pre_established:
            return public
        for association in self.declaration.associations:
            if not association.pre_established:
                return association
        raise Inconclusive("no association is declared that can be opened", missing="declaration")

    def answers(self) -> bool:
        """Whether a good exchange succeeds now; an unplugged local port raises ``PortGone``."""
        try:
            self.good_exchange()
        except (Silent, ProtocolViolation, ConnectionLost, Refused) as failure:
            self.last_failure = str(failure)
            return False
        except PortGone as gone:
            if urlsplit(self.door.url).scheme.split("+")[-1] not in _NETWORK:
                raise
            self.last_failure = str(gone)
            return False
        return True

    def recover(self) -> bool:
        """Climb the recovery ladder: release, DISC, reconnect, wait for the inactivity time-out."""
        self.close_all()
        if self.answers():
            return True
        self._sit_out(self.timing.inactivity_timeout_s * _ADDED_PATIENCE)
        return self.answers()

    def _sit_out(self, seconds: float) -> None:
        """Let line time pass with an idle connection; where none can be had, the next attempt tells."""
        number = self._trace.next_link(self.door.id)
        try:
            transport = self._open_transport(number)
        except PortGone:
            return
        record = LineRecorder(self._trace, transport, door=self.door.id, link=number, secrets=self._secrets)
        heard_octets = 0
        try:
            deadline = transport.now() + seconds
            while transport.now() < deadline and heard_octets < _MOST_HEARD_OCTETS:
                data = transport.receive(deadline)
                heard_octets += len(data)
                if data:
                    record.octets("chunk", data, "while waiting")
                else:
                    record.moment("quiet")
        except ConnectionLost as lost:
            # The device closed the idle connection, which is what an inactivity time-out does.
            record.moment("lost", str(lost))
        finally:
            record.moment("close", "idle wait ended")
            transport.close()

    def close_all(self) -> None:
        """End everything that is open at this door, as gently as the device allows."""
        for client in self._clients:
            client.close()
        for conversation in self._conversations:
            conversation.close()
        self._clients.clear()
        self._conversations.clear()


@contextmanager
def _closed_on_failure(conversation: Conversation) -> Iterator[None]:
    """Give the line back at once when a step towards an association fails: the next attempt may need it."""
    try:
        yield
    except Exception:
        with suppress(ConformeterError):
            conversation.close()
        raise
