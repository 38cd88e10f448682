"""The server behind all links of one meter: associations and services by session."""

from dataclasses import replace
from typing import Protocol

from reference_meter.codec import acse
from reference_meter.codec import conformance as bits
from reference_meter.codec.general_block import GENERAL_BLOCK_TRANSFER
from reference_meter.codec.octets import Malformed
from reference_meter.codec.response import encode_response
from reference_meter.server.association import Association, SessionKey
from reference_meter.server.associations import Associations, RequestDiscarded
from reference_meter.server.ciphered_protection import (
    DECIPHERING_ERROR,
    CipheredProtection,
    InsufficientProtection,
    RequestRefused,
)
from reference_meter.server.general_blocks import GeneralBlocks
from reference_meter.server.model_port import CosemModel
from reference_meter.server.octet_source import OctetSource
from reference_meter.server.protection import PlainProtection
from reference_meter.server.refusing_model import RefusingModel
from reference_meter.server.services import (
    MALFORMED,
    NOT_ASSOCIATED,
    NOT_NEGOTIATED,
    NOT_POSSIBLE,
    TOO_LONG,
    Services,
    is_unconfirmed,
)
from reference_meter.server.settings import LinkSettings

__all__ = ["Pusher", "Server"]

DATA_NOTIFICATION, EVENT_NOTIFICATION = 0x0F, 0xC2

_ACSE_REQUESTS = (bytes([acse.AARQ]), bytes([acse.RLRQ]))
_NOTIFICATION_BITS = {
    DATA_NOTIFICATION: bits.DATA_NOTIFICATION,
    EVENT_NOTIFICATION: bits.EVENT_NOTIFICATION,
}


class Pusher(Protocol):
    """A link as the server sees it."""

    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """Send an APDU that nobody asked for, or keep it until the client lets the server speak."""


class Server:
    """Takes whole APDUs of sessions and gives whole APDUs."""

    def __init__(self, model: CosemModel, settings: LinkSettings) -> None:
        self.model = model
        self.settings = settings
        self.associations = Associations(model, settings)
        self.services = Services(model, settings)
        self.general_blocks = GeneralBlocks(settings, self.answer_in_blocks)
        self.links: dict[int, Pusher] = {}
        self.last_link_id = 0
        self.line_now = 0.0
        """The latest line time that a link has heard of."""

    def attach(self, link: Pusher) -> int:
        """Enter a link and give its number."""
        self.last_link_id += 1
        self.links[self.last_link_id] = link
        return self.last_link_id

    def detach(self, link_id: int) -> None:
        """Forget a link; its associations end."""
        self.links.pop(link_id, None)
        self.associations.close_link(link_id)

    def exchange(self, key: SessionKey, apdu: bytes) -> list[bytes]:
        """Take one APDU of a client and give the APDUs to send, unsolicited ones first."""
        # Unsolicited ones are protected first too, since counters rise in the order of sending.
        told = [] if apdu[:1] in _ACSE_REQUESTS else self.unsolicited(key)
        answers = self.answer(key, apdu)
        association = self.associations.find(key)
        if association is not None and association.rejected and association.general is None:
            self.associations.close(key)
        return [*told, *answers]

    def unsolicited(self, key: SessionKey) -> list[bytes]:
        """Give APDUs that the server slips in between a request and its answer: none."""
        return []

    def ends_link(self, link_id: int) -> bool:
        """Tell once whether the meter wants to end a link because of what came over it."""
        return self.associations.faults.ends(link_id)

    def receive_limit(self, key: SessionKey) -> int:
        """Give the longest APDU taken in a session, in octets."""
        association = self.associations.find(key)
        if association is None:
            return self.settings.server_max_receive_pdu_size
        return association.receive_limit

    def answer(self, key: SessionKey, apdu: bytes) -> list[bytes]:
        """Answer one APDU of a client; an empty list is silence."""
        if not apdu:
            return []
        if len(apdu) > self.receive_limit(key):
            return [encode_response(TOO_LONG)]
        if apdu[0] == acse.AARQ:
            aare = self.associations.request(key, apdu)
            return [] if aare is None else [aare]
        association = self.associations.find(key)
        if association is None:
            return [] if is_unconfirmed(apdu) else [encode_response(NOT_ASSOCIATED)]
        if apdu[0] == acse.RLRQ and self.settings.takes_releases:
            if association.standing:
                return [encode_response(NOT_POSSIBLE)]
            rlre = self.release(key, apdu)
            if self.settings.closes_after_release and self.associations.find(key) is None:
                self.associations.faults.ending_links.add(key.link_id)
            return [] if rlre is None else [rlre]
        if apdu[0] == GENERAL_BLOCK_TRANSFER:
            if not association.has(bits.GENERAL_BLOCK_TRANSFER):
                return [encode_response(NOT_NEGOTIATED)]
            return self.general_blocks.receive(association, apdu)
        association.general = None
        return self.answer_whole(association, apdu)

    def broadcast(self, key: SessionKey, apdu: bytes) -> None:
        """Take an APDU that was sent to all stations: unconfirmed requests are carried out, nothing is answered."""
        association = self.associations.find(key)
        if association is None or not apdu or len(apdu) > association.receive_limit:
            return
        protection = association.protection
        if isinstance(protection, CipheredProtection):
            protection = protection.of_broadcasts()
        try:
            plain = protection.unprotect(apdu)
        except (RequestRefused, InsufficientProtection):
            return
        finally:
            # What was for everybody ends nobody's connection.
            self.ends_link(key.link_id)
        if plain and is_unconfirmed(plain):
            self.services.answer(association, plain)

    def answer_whole(self, association: Association, apdu: bytes) -> list[bytes]:
        """Answer a request that came in one piece."""
        answer = self.answer_protected(association, apdu)
        if answer is None:
            return []
        if isinstance(answer, OctetSource):
            return self.general_blocks.begin(association, self.protect_source(association, answer))
        return [association.protection.protect(answer)]

    def answer_in_blocks(self, association: Association, apdu: bytes) -> OctetSource | None:
        """Answer a request that came in general blocks."""
        answer = self.answer_protected(association, apdu)
        if answer is None:
            return None
        source = answer if isinstance(answer, OctetSource) else OctetSource([answer])
        return self.protect_source(association, source)

    def answer_protected(self, association: Association, apdu: bytes) -> bytes | OctetSource | None:
        """Unprotect a request and give the plain answer; ``None`` is silence."""
        try:
            plain = association.protection.unprotect(apdu)
        except RequestRefused as refused:
            return encode_response(refused.response)
        except InsufficientProtection as insufficient:
            return self.refuse(association, insufficient)
        return self.services.answer(association, plain) if plain else None

    def refuse(self, association: Association, insufficient: InsufficientProtection) -> bytes | OctetSource | None:
        """Answer a request that is protected too little; the transfers of the association are not for it to touch."""
        if insufficient.plain and is_unconfirmed(insufficient.plain):
            return None
        if insufficient.result is None:
            return encode_response(DECIPHERING_ERROR)
        untouched = replace(
            association, long_get=None, long_set=None, long_action=None, long_outcome=None, authentication=None
        )
        return Services(RefusingModel(insufficient.result), self.settings).answer(untouched, insufficient.plain)

    def protect_source(self, association: Association, source: OctetSource) -> OctetSource:
        """Protect a long answer; only a plain one stays lazy, as protection needs the whole APDU."""
        if isinstance(association.protection, PlainProtection):
            return source
        whole = source.take_all()
        return OctetSource([association.protection.protect(whole)])

    def release(self, key: SessionKey, apdu: bytes) -> bytes | None:
        """Answer an RLRQ; one whose content is wrongly ciphered gets no answer."""
        try:
            return self.associations.release(key, apdu)
        except (RequestDiscarded, RequestRefused):
            return None
        except Malformed:
            return encode_response(MALFORMED)

    def notify(self, apdu: bytes, line_now: float, client: int | None = None) -> int:
        """Send a notification over each open association (of one client) that negotiated it; give how many."""
        if not apdu or apdu[0] not in _NOTIFICATION_BITS:
            raise ValueError("a notification begins with 0F or C2")
        service = _NOTIFICATION_BITS[apdu[0]]
        told = 0
        for key, association in list(self.associations.open.items()):
            if association.authentication is not None:
                continue
            if client in (None, key.client) and association.has(service) and key.link_id in self.links:
                protected = association.protection.protect(apdu)
                self.links[key.link_id].push_apdu(key, protected, line_now)
                told += 1
        return told
