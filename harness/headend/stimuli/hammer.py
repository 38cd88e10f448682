"""Sends frames that recipes have spoilt: a request in an association, an association request, or a link's first frame.

Nothing is judged here. What goes wrong before the spoilt frame has left is raised as it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from harness.declaration import AssociationDeclaration, CosemObject
from harness.errors import ConnectionLost, Inconclusive
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.link_for import link_for
from harness.headend.requests import get_request
from harness.headend.stimuli.malformed import Demand, carried, demand_of, is_harmless
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.protocol import hdlc
from harness.session import Conversation, GetResult, NoProtection, aarq
from harness.wire.dissection import FrameProtocol
from harness.wire.forge import Forged, forge
from harness.wire.recipe import Recipe

__all__ = ["AssociationHammer", "Hammer", "LinkHammer", "RequestHammer", "Stroke", "open_client"]

_VALUE = 2
_NO_ANSWER = ("silence", "closed", "garbled")
_GOES_ON = ("data", "dar", "exception", "confirmed", "action")
"""Answers after which an association is expected to be there still."""
_REST_OF_FRAME_S = 0.5
_ENDING = (0x60, 0x62)
"""AARQ and RLRQ, malformed or not, may end an association."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One spoilt frame that was sent, and the reaction."""

    recipe: Recipe
    forged: Forged
    demand: Demand
    reaction: Provoked


def open_client(head_end: HeadEnd, *, without_secret: bool) -> AssociationDeclaration:
    """Return the declared client that malformed frames are sent as: one without ciphering, best without a secret."""
    fitting = [
        one
        for one in head_end.declaration.associations
        if one.fits(head_end.door.id) and not one.ciphered and not one.pre_established
    ]
    if without_secret:
        fitting = [one for one in fitting if one.mechanism_id == 0]
    if not fitting:
        kind = "without a secret" if without_secret else "without ciphering"
        raise Inconclusive(f"no client {kind} is declared for door {head_end.door.id}", missing="declaration")
    return min(fitting, key=lambda one: one.mechanism_id)


class Hammer(ABC):
    """Strikes the device at one door as one client."""

    def __init__(self, head_end: HeadEnd, declared: AssociationDeclaration) -> None:
        self.declared = declared
        self._head_end = head_end
        self._protocol: FrameProtocol = "hdlc" if head_end.door.protocol == "hdlc" else "wrapper"
        self._devices = {1} | {head_end.door.logical_device(one) for one in head_end.declaration.associations}

    @abstractmethod
    def strike(self, recipe: Recipe) -> Stroke | None:
        """Send what a recipe makes of the good frame; None where nothing comes of it or it would not be harmless."""

    @abstractmethod
    def rest(self) -> None:
        """Give up what is open, so that others can get in."""

    def _forged(self, frame: bytes, recipe: Recipe) -> Forged | None:
        forged = forge(frame, self._protocol, recipe)
        if (
            forged is None
            or not forged.octets
            or not is_harmless(forged.octets, self._protocol, self.declared.client_sap)
        ):
            return None
        return forged

    def _stroke(self, recipe: Recipe, forged: Forged, reaction: Provoked) -> Stroke:
        demand = demand_of(recipe, forged.octets, self._protocol, self._devices)
        return Stroke(recipe=recipe, forged=forged, demand=demand, reaction=reaction)

    def _is_part_of_request(self, octets: bytes) -> bool:
        if self._protocol == "wrapper":
            return True
        return hdlc.Control.from_octet(hdlc.Frame.from_bytes(octets).control).kind is hdlc.FrameKind.I

    def _provoked(self, conversation: Conversation, apdu: bytes, recipe: Recipe) -> Stroke | None:
        """Send the APDU, its first frame spoilt on the way and no other; one that cannot be spoilt is no stroke."""
        made: list[Forged] = []

        def change(octets: bytes, number: int) -> Sequence[bytes]:
            if made and self._is_part_of_request(octets):
                return []  # the rest of the request, and what a link sends again where a frame got lost
            forged = self._forged(octets, recipe) if number == 1 else None
            if forged is None:
                return [octets]
            made.append(forged)
            return [forged.octets]

        with conversation.tampering(change):
            reaction = provoke(conversation, apdu, repeat=False)
        return self._stroke(recipe, made[0], reaction) if made else None


class RequestHammer(Hammer):
    """Spoils a GET in an association, which is opened anew where it may be lost."""

    def __init__(
        self, head_end: HeadEnd, declared: AssociationDeclaration, wanted: CosemObject, *, keeps: bool = False
    ) -> None:
        """``keeps``: the association is held on to, whatever comes back."""
        super().__init__(head_end, declared)
        self._keeps = keeps
        self._wanted = item(wanted, _VALUE)
        self._request = get_request(wanted)
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        """The client, associated."""
        if self._client is None:
            client = Client(self._head_end, self.declared)
            client.establish_unjudged()
            self._client = client
        return self._client

    def strike(self, recipe: Recipe) -> Stroke | None:
        """Send the spoilt request."""
        client = self.client
        stroke = self._provoked(client.conversation, self._request, recipe)
        if stroke is None or self._keeps or self._goes_on(stroke):
            return stroke
        if stroke.reaction.name in _NO_ANSWER:
            # Taking leave of a device that is down takes longer than some need to start again.
            client.drop()
        self.rest()
        return stroke

    def good_request(self) -> GetResult:
        """Send the good request in the same association; whatever goes wrong is raised."""
        return self.client.services.get(self._wanted)

    def _goes_on(self, stroke: Stroke) -> bool:
        """Whether both sides still have the same idea of link and association."""
        if stroke.recipe.layer != "apdu" or stroke.reaction.name.split(":")[0] not in _GOES_ON:
            return False
        return not any(apdu[0] in _ENDING for _, apdu in carried(stroke.forged.octets, self._protocol) if apdu)

    def rest(self) -> None:
        """Release the association."""
        client, self._client = self._client, None
        if client is not None:
            client.close()


class AssociationHammer(Hammer):
    """Spoils an association request, each time over a new connection."""

    def __init__(self, head_end: HeadEnd, declared: AssociationDeclaration) -> None:
        super().__init__(head_end, declared)
        request = head_end.association_request(declared, max_receive_pdu_size=declared.max_receive_pdu_size)
        self._request = aarq(request, NoProtection())

    def strike(self, recipe: Recipe) -> Stroke | None:
        """Connect, send the spoilt AARQ and hang up."""
        conversation = self._head_end.connect(self.declared)
        stroke = self._provoked(conversation, self._request, recipe)
        if stroke is not None and stroke.reaction.name in _NO_ANSWER:
            conversation.abandon()
        conversation.close()
        return stroke

    def rest(self) -> None:
        """Nothing stays open."""


class LinkHammer(Hammer):
    """Spoils the frame that asks for an HDLC link, octets on a line without a link."""

    def strike(self, recipe: Recipe) -> Stroke | None:
        """Send the spoilt SNRM and take all that comes."""
        link = link_for(self._head_end.door, self.declared)
        link.open()
        (frame,) = link.data_to_send()
        forged = self._forged(frame.octets, recipe)
        if forged is None:
            return None
        line = self._head_end.raw_line()
        try:
            line.send(forged.octets, f"SNRM spoilt: {recipe.describe()}")
            received = line.receive(self._head_end.timing.silence_s, enough=1)
            reaction = _reaction(received + (line.receive(_REST_OF_FRAME_S) if received else b""), line.frame)
        except ConnectionLost as lost:
            reaction = Provoked(name="closed", description=str(lost), frame=line.frame)
        finally:
            line.close()
        return self._stroke(recipe, forged, reaction)

    def rest(self) -> None:
        """Nothing stays open."""


def _reaction(octets: bytes, frame: int) -> Provoked:
    """Name what came for octets on the line."""
    if not octets:
        return Provoked(name="silence", description="nothing came", frame=frame)
    for event in hdlc.FrameReader().receive_data(octets):
        if isinstance(event, hdlc.FrameReceived):
            description = event.frame.describe(response=True)
            return Provoked(name=description.split()[0].lower(), description=description, frame=frame)
    return Provoked(name="garbled", description=f"{len(octets)} octets that are no frame", frame=frame)
