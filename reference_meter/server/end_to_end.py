"""General ciphering and general signing between the meter and one client.

The key of general ciphering is one that both sides have, one that comes along wrapped with the master key, or one that
both sides derive. With the first the invocation counter has to rise as it does everywhere; with the others, and where
a message is only signed, the transaction-id followed by the counter has to rise.
"""

from dataclasses import dataclass, field

from reference_meter.codec.octets import encode_length
from reference_meter.security.agreement import (
    ONE_PASS,
    STATIC,
    AgreementKeys,
    agree_as_originator,
    agree_as_recipient,
)
from reference_meter.security.ciphering import (
    KEY_OCTETS,
    PROTECTION,
    TAG_OCTETS,
    CipherKeys,
    Header,
    Undecipherable,
    seal,
    unseal,
)
from reference_meter.security.curves import SUITE_CURVES
from reference_meter.security.general_apdu import (
    AGREED_KEY,
    GENERAL_CIPHERING,
    GENERAL_SIGNING,
    IDENTIFIED_KEY,
    WRAPPED_KEY,
    GeneralCiphering,
    GeneralHeader,
    GeneralSigning,
    KeyInformation,
    decode_ciphering,
    decode_signing,
    encode_ciphering,
    encode_header,
    encode_signing,
)
from reference_meter.security.hls import check_signature, sign
from reference_meter.security.key_wrap import unwrap_key
from reference_meter.security.store import SecurityStore

__all__ = ["END_TO_END", "EndToEnd", "EndToEndReply", "OpenedMessage"]

END_TO_END = (GENERAL_CIPHERING, GENERAL_SIGNING)

_DERIVED, _SIGNED = b"derived keys", b"signatures"
"""What transaction-ids are counted for, in place of a key."""
# Tag, titles with lengths, date-time, other information; control octet and counter; three octets for each length.
_HEADER_OCTETS = 1 + 2 * 9 + 2
_CIPHERING_OCTETS = 3 + 5 + TAG_OCTETS
_KEY_OCTETS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EndToEndReply:
    """How the answer to a message goes out."""

    transaction: bytes = b""
    key: KeyInformation | None = None
    wrapped: bytes = field(default=b"", repr=False)
    """The key that came along wrapped."""
    is_ciphered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedMessage:
    """A message whose tag or signature has proved to be right; its freshness is still to be judged."""

    plain: bytes
    protection: int
    """Bits of the control octet; 0 where it was only signed."""
    counted_for: bytes
    number: int
    """Has to be higher than every one accepted before for ``counted_for``."""
    reply: EndToEndReply


class EndToEnd:
    """Opens and makes the messages of one client."""

    def __init__(self, store: SecurityStore, client_title: bytes) -> None:
        self.store = store
        self.client_title = client_title

    def open_signed(self, apdu: bytes) -> OpenedMessage:
        """Check the signature around a message; what is inside may be ciphered."""
        message = decode_signing(apdu)
        self._check_header(message.header)
        settings = self.store.settings
        if not self.store.suite or not settings.client_public_key or not message.content:
            raise Undecipherable("nothing that could be signed here")
        signed = encode_header(message.header) + message.content
        check_signature(message.signature, signed, self.store.suite, settings.client_public_key)
        return OpenedMessage(
            plain=message.content,
            protection=0,
            counted_for=_SIGNED,
            number=int.from_bytes(message.header.transaction, "big"),
            reply=EndToEndReply(transaction=message.header.transaction),
        )

    def open_ciphered(self, apdu: bytes) -> OpenedMessage:
        """Decipher a message."""
        message = decode_ciphering(apdu)
        self._check_header(message.header)
        if message.control & ~PROTECTION != self.store.suite:
            raise Undecipherable(f"security control {message.control:#04x}")
        key = message.key or KeyInformation(choice=IDENTIFIED_KEY)
        encryption_key = self._key_of(key, message.header)
        beside = encode_header(message.header)
        header = Header(
            control=message.control, title=message.header.originator, counter=message.counter, beside=beside
        )
        plain = unseal(message.body, header, self._keys(encryption_key))
        has_key = key.choice == IDENTIFIED_KEY
        transaction = int.from_bytes(message.header.transaction, "big")
        return OpenedMessage(
            plain=plain,
            protection=message.control & PROTECTION,
            counted_for=encryption_key if has_key else _DERIVED,
            number=message.counter if has_key else transaction << 32 | message.counter,
            reply=EndToEndReply(
                transaction=message.header.transaction,
                key=message.key,
                wrapped=encryption_key if key.choice == WRAPPED_KEY else b"",
                is_ciphered=True,
            ),
        )

    def cipher(self, apdu: bytes, reply: EndToEndReply, protection: int) -> bytes:
        """Cipher an answer with a key of the kind that the request had."""
        header = self._header(reply.transaction)
        key, encryption_key = reply.key, self.store.keys.unicast
        if key is not None and key.choice == WRAPPED_KEY:
            encryption_key = reply.wrapped
        elif key is not None and key.choice == AGREED_KEY:
            titles = (header.originator, header.recipient)
            encryption_key, sent_along = agree_as_originator(
                self._agreement_keys(), key.number, titles, header.transaction
            )
            key = KeyInformation(choice=AGREED_KEY, number=key.number, octets=sent_along)
        elif key is not None:
            # The broadcast key is for requests alone.
            key = KeyInformation(choice=IDENTIFIED_KEY)
        # One sequence serves all keys: a counter that only rises repeats no nonce with any of them.
        counter = self.store.counters.next_sent(self.store.keys.unicast)
        control = protection | self.store.suite
        sealed = seal(
            apdu,
            Header(control=control, title=header.originator, counter=counter, beside=encode_header(header)),
            self._keys(encryption_key),
        )
        return encode_ciphering(GeneralCiphering(header=header, key=key, control=control, counter=counter, body=sealed))

    def sign(self, apdu: bytes, transaction: bytes) -> bytes:
        """Sign an answer, plain or ciphered."""
        header = self._header(transaction)
        signature = sign(encode_header(header) + apdu, self.store.suite, self.store.settings.signing_key)
        return encode_signing(GeneralSigning(header=header, content=apdu, signature=signature))

    def overhead_octets(self, reply: EndToEndReply | None, *, signed: bool) -> int:
        """How much longer an answer may become."""
        transaction = b"" if reply is None else reply.transaction
        header = _HEADER_OCTETS + len(encode_length(len(transaction))) + len(transaction)
        octets = 0
        if reply is not None and reply.is_ciphered:
            sent_along = KEY_OCTETS[self.store.suite] + 8
            if reply.key is not None and reply.key.choice == AGREED_KEY:
                sent_along = SUITE_CURVES[self.store.suite].signature_octets
            octets += header + _KEY_OCTETS + sent_along + _CIPHERING_OCTETS
        if signed:
            octets += header + 3 + 3 + SUITE_CURVES[self.store.suite].signature_octets
        return octets

    def _header(self, transaction: bytes) -> GeneralHeader:
        return GeneralHeader(transaction=transaction, originator=self.store.server_title, recipient=self.client_title)

    def _keys(self, encryption_key: bytes) -> CipherKeys:
        return CipherKeys(encryption=encryption_key, authentication=self.store.keys.authentication)

    def _check_header(self, header: GeneralHeader) -> None:
        if self.store.counters.used_up(self.store.keys.unicast):
            raise Undecipherable("no answer could be protected any more")
        if header.originator != self.client_title or header.recipient not in (b"", self.store.server_title):
            raise Undecipherable("a message of somebody else, or for somebody else")

    def _key_of(self, key: KeyInformation, header: GeneralHeader) -> bytes:
        """Find, unwrap or derive the key of a message."""
        if key.choice == IDENTIFIED_KEY and key.number == 0:
            return self.store.keys.unicast
        if key.choice == WRAPPED_KEY and key.number == 0:
            unwrapped = unwrap_key(self.store.keys.master, key.octets)
            if len(unwrapped) != KEY_OCTETS[self.store.suite]:
                raise Undecipherable("a wrapped key of another length")
            return unwrapped
        if key.choice == AGREED_KEY and key.number in (ONE_PASS, STATIC):
            titles = (header.originator, self.store.server_title)
            return agree_as_recipient(self._agreement_keys(), key.number, key.octets, titles, header.transaction)
        raise Undecipherable("a key that is not there")

    def _agreement_keys(self) -> AgreementKeys:
        settings = self.store.settings
        if not self.store.suite or not settings.agreement_key or not settings.client_agreement_key:
            raise Undecipherable("no keys for agreement")
        return AgreementKeys(
            suite=self.store.suite,
            own=settings.agreement_key,
            other=settings.client_agreement_key,
            other_signing=settings.client_public_key,
        )
