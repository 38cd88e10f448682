"""The head end at one door of the device: connections, associations, good exchanges and the way back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from harness.declaration import AssociationDeclaration as DeclaredAssociation
from harness.declaration import AssociationRole, Declaration, Door
from harness.errors import (
    ConnectionLost,
    Inconclusive,
    NotApplicable,
    PortGone,
    ProtocolViolation,
    Refused,
)
from harness.evidence.trace import Trace
from harness.headend.client import Client, item, value_of
from harness.headend.connectionless import broadcast_frame, pre_established_at
from harness.headend.connections import Connections, closed_on_failure, timing_of
from harness.headend.credentials import CredentialSource, association_request
from harness.headend.good_exchange import GoodExchanges
from harness.headend.judged import Judge
from harness.headend.ladder import NO_LADDER, Ladder
from harness.headend.restoring.key_ring import KeyRing
from harness.headend.stimuli.general_forms import check_granted
from harness.headend.stimuli.raw_line import RawLine
from harness.protocol.apdu import describe_request
from harness.session import (
    Association,
    AssociationRequest,
    Conversation,
    DoorTiming,
    PreEstablished,
    associate,
)
from harness.transport.urls import TransportFactory

__all__ = ["HeadEnd", "timing_of"]

_VALUE = 2


def _nobody_counts(association_id: str) -> None:
    """Nobody keeps count of the failures that a success makes forgotten."""


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
        keys: KeyRing,
        let_in: Callable[[str], None] = _nobody_counts,
        ladder: Ladder = NO_LADDER,
    ) -> None:
        """``let_in`` is told the id of each association that the device accepts, ``ladder`` of each rung climbed."""
        self.keys = keys
        self._let_in = let_in
        self._ladder = ladder
        self.declaration = declaration
        self.door = door
        self.clause = clause
        self.judge = Judge(self)
        self.trace = trace
        self.timing = timing
        self._transports = transports
        self._credentials = CredentialSource(declaration, trace, keys)
        self._clients: list[Client] = []
        declared = tuple(secret.reveal() for _, secret in declaration.secrets())
        self._connections = Connections(
            door=door,
            transports=transports,
            trace=trace,
            timing=timing,
            rest_for=rest_for,
            secrets=lambda: (*declared, *keys.secrets),
        )
        self._good_exchanges = GoodExchanges(self, self._connections.let_pass, ladder=ladder)

    def beside(self, door: Door) -> "HeadEnd":
        """Return the same head end at another door of the device, with the same keys and invocation counters."""
        other = HeadEnd(
            declaration=self.declaration,
            door=door,
            transports=self._transports,
            trace=self.trace,
            timing=timing_of(door),
            clause=self.clause,
            rest_for=self._connections.rest_for,
            keys=self.keys,
            let_in=self._let_in,
            ladder=self._ladder,
        )
        other._credentials = self._credentials
        return other

    @property
    def last_record(self) -> int:
        """Number of the last record in the trace that shows what the device sent, else of the last of all."""
        return self.trace.last_received or self.trace.last

    def connect(self, association: DeclaredAssociation) -> Conversation:
        """Open a connection and its link for one client; others give way where the door carries one only."""
        self.give_way()
        return self._connections.connect(association)

    def give_way(self) -> None:
        """Let other connections have a door that carries one at a time; clients come back when they are used."""
        if self.door.connections == 1:
            for client in self._clients:
                client.give_way()

    def raw_line(self) -> RawLine:
        """Open the door for octets as they are: with trace, without link; other clients as for ``connect``."""
        self.give_way()
        return self._connections.raw_line()

    def association(self, role: AssociationRole) -> DeclaredAssociation:
        """Return the declared association of a role at this door.

        Raises ``NotApplicable`` where it is declared for other doors only, ``Inconclusive`` where there is none.
        """
        found = self.declaration.association_of(role, self.door.id)
        if found is not None:
            return found
        if self.declaration.association_of(role) is not None:
            reason = f"door {self.door.id} takes no client of role {role}"
            raise NotApplicable(reason, item="associations.doors")
        raise Inconclusive(f"the declaration does not mention an association of role {role}", missing="declaration")

    def associate(self, role: AssociationRole, *, max_receive_pdu_size: int | None = None) -> Client:
        """Connect and associate; raises ``Refused`` when the device says no.

        ``max_receive_pdu_size`` in place of the declared one makes the device answer in smaller pieces.
        """
        return self.associate_declared(self.association(role), max_receive_pdu_size=max_receive_pdu_size)

    def associate_declared(self, declared: DeclaredAssociation, *, max_receive_pdu_size: int | None = None) -> Client:
        """Connect and associate as ``associate`` does, for any declared association."""
        check_granted(self, declared)
        client = Client(self, declared)
        if max_receive_pdu_size is not None:
            client.max_receive_pdu_size = max_receive_pdu_size
        self._clients.append(client)
        client.establish()
        return client

    def pre_established(self, which: str | None = None) -> Client:
        """Connect as a client whose association is there without an AARQ; ``which`` is its role or id, else the first.

        It may send unconfirmed requests only. Raises as ``association`` does.
        """
        declared = pre_established_at(self.declaration, self.door, which)
        client = Client(self, declared, pre_established=True)
        self._clients.append(client)
        client.establish()
        return client

    def open_pre_established(self, declared: DeclaredAssociation) -> PreEstablished:
        """Connect without any judgement; the step of ``pre_established``."""
        protection = self._credentials.unanswered(declared, to_all=False)
        conversation = self._connect_anew(declared)
        conversation.protection = protection
        return PreEstablished(conversation, largest_answer_octets=self.door.largest_answer_octets)

    def broadcast(self, declared: DeclaredAssociation, apdu: bytes) -> bytes:
        """Send an unconfirmed request to all stations and return what comes as long as an answer might.

        Nothing ought to come. With the broadcast key where the client is ciphered; ``ValueError`` where no single
        frame takes it.
        """
        protected = self._credentials.unanswered(declared, to_all=True).protect(apdu)
        line = self.raw_line()
        try:
            line.send(broadcast_frame(self.door, declared, protected), f"to all stations: {describe_request(apdu)}")
            return line.receive(self.timing.silence_s)
        finally:
            line.close()

    def associate_again(self, client: Client) -> Client:
        """Associate once more after the connection was lost.

        A device that still holds the old association may refuse, or shut its door, until its inactivity time-out
        has passed.
        """

        def patiently() -> None:
            try:
                client.establish_unjudged()
            except (Refused, ConnectionLost):
                client.close()
                self._good_exchanges.sit_out()
                client.establish_unjudged()

        client.establish(patiently)
        return client

    def open_association(
        self, declared: DeclaredAssociation, *, max_receive_pdu_size: int
    ) -> tuple[Conversation, Association]:
        """Connect and associate without any judgement; the steps of ``associate``.

        A network door that cannot be opened any more is a lost connection: the device may have been restarted.
        """
        request = self.association_request(declared, max_receive_pdu_size=max_receive_pdu_size)
        conversation = self._connect_anew(declared)
        with closed_on_failure(conversation):
            opened = associate(conversation, request, largest_answer_octets=self.door.largest_answer_octets)
        self._let_in(declared.id)
        return conversation, opened

    def association_request(
        self, declared: DeclaredAssociation, *, max_receive_pdu_size: int | None = None
    ) -> AssociationRequest:
        """Return what a client would ask for now, with fresh credentials, for those who change it before it is sent."""
        credentials = self._credentials.credentials(declared, self.announced_counter)
        size = declared.max_receive_pdu_size if max_receive_pdu_size is None else max_receive_pdu_size
        return association_request(declared, credentials, max_receive_pdu_size=size)

    def _connect_anew(self, declared: DeclaredAssociation) -> Conversation:
        try:
            return self.connect(declared)
        except PortGone as gone:
            if self.door.is_network and self.timing.has_answered:
                raise ConnectionLost(f"the door is shut: {gone}") from gone
            raise

    def announced_counter(self) -> int:
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

    def let_pass(self, seconds: float) -> None:
        """Let line time pass at this door."""
        self._connections.let_pass(seconds)

    # Whether the device lives

    @property
    def last_failure(self) -> str:
        """Why the last good exchange was none."""
        return self._good_exchanges.last_failure

    def answers(self) -> bool:
        """Whether a good exchange succeeds now; an unplugged local port raises ``PortGone``."""
        return self._good_exchanges.answers()

    def answers_after_rest(self) -> bool:
        """Whether a good exchange succeeds after a short rest."""
        return self._good_exchanges.answers_after_rest()

    def recover(self) -> bool:
        """Climb the recovery ladder, up to the device's supply where somebody can switch it."""
        return self._good_exchanges.recover()

    @property
    def hint(self) -> str:
        """What to look at where the device has never answered at this door in this run; else nothing."""
        return self._connections.hint

    @contextmanager
    def in_step(self, name: str) -> Iterator[None]:
        """Record what follows as step ``name``, as if nothing had come in between."""
        trace = self.trace
        key, step, request, received = trace.key, trace.step, trace.last_request, trace.last_received
        trace.step = name
        try:
            yield
        finally:
            trace.key, trace.step = key, step
            trace.last_request, trace.last_received = request, received

    def close_all(self) -> None:
        """End everything that is open at this door, as gently as the device allows."""
        for client in self._clients:
            client.close()
        self._clients.clear()
        self._connections.close_all()
