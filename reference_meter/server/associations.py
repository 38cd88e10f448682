"""Opening and releasing associations, with every refusal that an association request can meet."""

from dataclasses import dataclass, replace

from reference_meter.codec import acse, initiate
from reference_meter.codec import conformance as bits
from reference_meter.codec.acse import Aare, Aarq
from reference_meter.codec.initiate import InitiateRequest, InitiateResponse
from reference_meter.codec.octets import Malformed
from reference_meter.security import hls
from reference_meter.server.association import Association, SessionKey
from reference_meter.server.authentication import begin_authentication, is_challenge, make_challenge
from reference_meter.server.ciphered_protection import CipheredProtection, InsufficientProtection, RequestRefused
from reference_meter.server.fault_reports import FaultReports
from reference_meter.server.model_port import ClientProfile, CosemModel
from reference_meter.server.protection import PlainProtection, Protection
from reference_meter.server.settings import LinkSettings
from reference_meter.server.standing_associations import StandingAssociations

__all__ = ["Associations", "Negotiated", "RequestDiscarded"]

REJECTED = 1
# Diagnostics of the service user.
NO_REASON, CONTEXT_UNKNOWN, CALLING_TITLE_UNKNOWN, USER_UNKNOWN = 1, 2, 3, 6
MECHANISM_UNKNOWN, MECHANISM_REQUIRED, AUTHENTICATION_FAILED, AUTHENTICATION_REQUIRED = 11, 12, 13, 14
# Diagnostics of the service provider.
PROVIDER_NO_REASON, NO_COMMON_VERSION = 1, 2

_SYSTEM_TITLE_OCTETS = 8
_DLMS_VERSION = 6
_SMALLEST_PDU_OCTETS = 12
# No link carries more in one piece: the wrapper's length field has 16 bits.
_LARGEST_PDU_OCTETS = 0xFFFF
_KNOWN_MECHANISMS = range(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiated:
    """What both sides can do."""

    conformance: int
    client_max_receive_pdu_size: int
    """In octets; 0 means no limit."""
    server_max_receive_pdu_size: int


class RequestDiscarded(Exception):
    """An association request is passed over as if it had not come."""


class Associations:
    """The open associations of all links, by session."""

    def __init__(self, model: CosemModel, settings: LinkSettings) -> None:
        self.model = model
        self.settings = settings
        self.open: dict[SessionKey, Association] = {}
        self.faults = FaultReports(model)
        self.standing = StandingAssociations(model, settings, self.faults.watch)
        self.make_challenge = make_challenge

    def find(self, key: SessionKey) -> Association | None:
        """Give the association of a session, be it opened or standing."""
        return self.open.get(key) or self.standing.find(key)

    def request(self, key: SessionKey, apdu: bytes) -> bytes | None:
        """Answer an AARQ; an association that was open ends first, as the client starts anew.

        A ciphered one that cannot be deciphered gets no answer and ends nothing, unless the settings want an answer.
        """
        try:
            aarq = acse.decode_aarq(apdu)
            aare = self.accept(key, aarq)
        except Malformed:
            self.close(key)
            aare = Aare(result=REJECTED, source=acse.PROVIDER, diagnostic=PROVIDER_NO_REASON)
        except RequestDiscarded:
            return None
        except RequestRefused:
            refused = self.refusal(AUTHENTICATION_FAILED)
            aare = replace(refused, user_information=initiate.encode_deciphering_error())
        return self.encode(self.introduced(key, aare))

    def introduced(self, key: SessionKey, aare: Aare) -> Aare:
        """Tell a client with ciphering the context that it has to use, and who the server is."""
        profile = self.model.client(key.client)
        if profile is None or profile.security is None:
            return aare
        context = acse.LN_CIPHERED_CONTEXT if profile.ciphered else acse.LN_CONTEXT
        return replace(aare, context=context, responding_ap_title=profile.security.server_title)

    def encode(self, aare: Aare) -> bytes:
        """Encode the answer to an AARQ."""
        return acse.encode_aare(aare)

    def accept(self, key: SessionKey, aarq: Aarq) -> Aare:
        """Judge an AARQ and open the association if there is nothing to refuse."""
        profile = self.model.client(key.client)
        protection = self.protection_for(profile, aarq)
        self.faults.watch(key, protection)
        proposal = self.proposal_of(aarq, protection)
        self.close(key)
        if profile is None or profile.pre_established:
            return self.refusal(NO_REASON)
        if not aarq.protocol_version_1:
            return Aare(result=REJECTED, source=acse.PROVIDER, diagnostic=NO_COMMON_VERSION)
        if proposal is None:
            return self.unreadable_refusal(profile, aarq)
        negotiated = self.negotiate(profile, proposal)
        if aarq.context != (acse.LN_CIPHERED_CONTEXT if profile.ciphered else acse.LN_CONTEXT):
            refused = self.refusal(CONTEXT_UNKNOWN)
            return replace(refused, user_information=self.initiate_response(negotiated, protection))
        diagnostic = self.name_diagnostic(profile, aarq) or self.authentication_diagnostic(key, profile, aarq)
        if diagnostic:
            return self.refusal(diagnostic)
        error = self.initiate_error(proposal, negotiated)
        if error:
            return self.initiate_refusal(error, protection)
        if isinstance(protection, CipheredProtection):
            if not protection.takes_dedicated_key(proposal.dedicated_key):
                return self.initiate_refusal(initiate.REFUSED, protection)
            protection.agree(proposal.dedicated_key, general=bool(negotiated.conformance & bits.GENERAL_PROTECTION))
        association = self.open_association(key, profile, negotiated, protection)
        accepted = Aare(result=0, user_information=self.initiate_response(negotiated, protection))
        if profile.mechanism not in hls.HLS:
            return accepted
        association.authentication = begin_authentication(profile, aarq, self.make_challenge())
        return replace(
            accepted,
            diagnostic=AUTHENTICATION_REQUIRED,
            mechanism=acse.mechanism_oid(profile.mechanism),
            responding_value=association.authentication.dialogue.own_challenge,
        )

    def refusal(self, diagnostic: int) -> Aare:
        """Make a refusal with a diagnostic of the service user."""
        return Aare(result=REJECTED, diagnostic=diagnostic)

    def initiate_refusal(self, error: int, protection: Protection | None = None) -> Aare:
        """Make a refusal whose reason stands in the initiate error."""
        reason = initiate.encode_initiate_error(error)
        return replace(
            self.refusal(NO_REASON), user_information=reason if protection is None else protection.protect(reason)
        )

    def unreadable_refusal(self, profile: ClientProfile, aarq: Aarq) -> Aare:
        """Make the refusal of an AARQ whose initiate request could not be read, with the likeliest reason."""
        if aarq.context == acse.LN_CIPHERED_CONTEXT:
            if not profile.ciphered:
                return self.refusal(CONTEXT_UNKNOWN)
            if len(aarq.calling_ap_title or b"") != _SYSTEM_TITLE_OCTETS:
                return self.refusal(CALLING_TITLE_UNKNOWN)
        return self.initiate_refusal(initiate.REFUSED)

    def proposal_of(self, aarq: Aarq, protection: Protection) -> InitiateRequest | None:
        """Give the initiate request inside an AARQ, ``None`` when there is none that can be read."""
        return self.proposal_in(aarq.user_information, protection) if aarq.user_information else None

    def proposal_in(self, content: bytes, protection: Protection) -> InitiateRequest | None:
        """Open and decode an initiate request; ``RequestDiscarded`` where its ciphering is wrong."""
        try:
            plain = protection.unprotect(content)
            if plain is None and isinstance(protection, CipheredProtection):
                raise RequestDiscarded
            return None if plain is None else initiate.decode_initiate_request(plain)
        except (Malformed, InsufficientProtection):
            return None

    def protection_for(self, profile: ClientProfile | None, aarq: Aarq) -> Protection:
        """Choose how the APDUs of the association are protected."""
        title = aarq.calling_ap_title or b""
        ciphered = profile is not None and profile.ciphered and aarq.context == acse.LN_CIPHERED_CONTEXT
        if profile is None or profile.security is None or not ciphered or len(title) != _SYSTEM_TITLE_OCTETS:
            return PlainProtection()
        return CipheredProtection(profile.security, title)

    def negotiate(self, profile: ClientProfile, proposal: InitiateRequest) -> Negotiated:
        """Find what both sides support."""
        conformance = proposal.conformance & profile.conformance & self.settings.conformance
        if profile.ciphered and not conformance & bits.GENERAL_PROTECTION:
            # There is no service specific ciphering of data notifications.
            conformance &= ~bits.DATA_NOTIFICATION
        return Negotiated(
            conformance=conformance,
            client_max_receive_pdu_size=proposal.client_max_receive_pdu_size,
            server_max_receive_pdu_size=profile.max_receive_pdu_size or self.settings.server_max_receive_pdu_size,
        )

    def initiate_response(self, negotiated: Negotiated, protection: Protection) -> bytes:
        """Encode and protect what is granted."""
        response = InitiateResponse(
            conformance=negotiated.conformance,
            server_max_receive_pdu_size=negotiated.server_max_receive_pdu_size,
        )
        return protection.protect(initiate.encode_initiate_response(response))

    def name_diagnostic(self, profile: ClientProfile, aarq: Aarq) -> int:
        """Judge the calling system title and the user; 0 when there is nothing to say."""
        title = aarq.calling_ap_title
        if title is not None and len(title) != _SYSTEM_TITLE_OCTETS:
            return CALLING_TITLE_UNKNOWN
        return USER_UNKNOWN if profile.user_id not in (None, aarq.user_id) else 0

    def authentication_diagnostic(self, key: SessionKey, profile: ClientProfile, aarq: Aarq) -> int:
        """Judge mechanism and secret; 0 when the client may come in."""
        if not aarq.authentication_unit:
            presented, secret = 0, None
        elif aarq.mechanism is None:
            return MECHANISM_REQUIRED
        else:
            known = {acse.mechanism_oid(number): number for number in _KNOWN_MECHANISMS}
            if aarq.mechanism not in known:
                return MECHANISM_UNKNOWN
            presented, secret = known[aarq.mechanism], aarq.calling_value
        if presented == 0 and profile.mechanism != 0:
            return AUTHENTICATION_REQUIRED
        if presented != profile.mechanism:
            return MECHANISM_UNKNOWN
        refused = self.model.lock_out_diagnostic(key.client) if profile.mechanism else 0
        if refused:
            return refused
        if presented in hls.HLS:
            if not is_challenge(aarq.calling_value):
                return AUTHENTICATION_FAILED
            return 0 if aarq.calling_ap_title or profile.mechanism in hls.UNTITLED else CALLING_TITLE_UNKNOWN
        if self.model.authenticate(key.client, presented, secret):
            return 0
        self.model.authentication_failed(key.client)
        return AUTHENTICATION_FAILED

    def initiate_error(self, proposal: InitiateRequest, negotiated: Negotiated) -> int:
        """Judge version, conformance and size; 0 when they fit."""
        if proposal.version < _DLMS_VERSION:
            return initiate.VERSION_TOO_LOW
        if negotiated.conformance == 0:
            return initiate.INCOMPATIBLE_CONFORMANCE
        if 0 < proposal.client_max_receive_pdu_size < _SMALLEST_PDU_OCTETS:
            return initiate.PDU_SIZE_TOO_SHORT
        return 0

    def open_association(
        self, key: SessionKey, profile: ClientProfile, negotiated: Negotiated, protection: Protection
    ) -> Association:
        """Enter a new association and tell the model."""
        limits = (negotiated.client_max_receive_pdu_size, self.settings.max_send_pdu_size)
        association = Association(
            key=key,
            conformance=negotiated.conformance,
            send_limit=min((limit for limit in limits if limit), default=_LARGEST_PDU_OCTETS),
            receive_limit=negotiated.server_max_receive_pdu_size,
            mechanism=profile.mechanism,
            protection=protection,
        )
        self.open[key] = association
        if profile.mechanism not in hls.HLS:
            self.model.association_changed(key.client, key.link_id, opened=True)
        return association

    def release(self, key: SessionKey, apdu: bytes) -> bytes | None:
        """Answer an RLRQ and end the association; octets that are no RLRQ are ``Malformed``.

        What a ciphered RLRQ carries has to be a good initiate request; otherwise nothing happens, without an answer.
        """
        content = acse.decode_rlrq(apdu).user_information
        association = self.open.get(key)
        answer = None
        if association is not None and isinstance(association.protection, CipheredProtection) and content:
            if self.proposal_in(content, association.protection) is None:
                return None
            granted = Negotiated(
                conformance=association.conformance,
                client_max_receive_pdu_size=0,
                server_max_receive_pdu_size=association.receive_limit,
            )
            answer = self.initiate_response(granted, association.protection)
        self.close(key)
        return acse.encode_rlre(user_information=answer)

    def close(self, key: SessionKey) -> None:
        """End the association of a session, if there is one."""
        if self.open.pop(key, None) is not None:
            self.model.association_changed(key.client, key.link_id, opened=False)

    def close_link(self, link_id: int) -> None:
        """End all associations of a link."""
        for key in [key for key in self.open if key.link_id == link_id]:
            self.close(key)
        self.standing.close_link(link_id)
        self.faults.ends(link_id)
